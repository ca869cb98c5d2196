-- Words of imported people gather in the pending list of their index and go into it together. Searches read the list too,
-- so that it is kept short.
ALTER INDEX people_words_search SET (fastupdate = on, gin_pending_list_limit = 2048);
