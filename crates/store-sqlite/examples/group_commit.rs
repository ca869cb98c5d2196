//! How many tiny units of work are made durable in a second, alone and by 64 tasks at once, beside how many flushes the
//! disk does. `cargo run -p store-sqlite --example group_commit [FOLDER]`

#![expect(clippy::unwrap_used, clippy::disallowed_methods, clippy::print_stdout, reason = "a measurement")]

use std::{
    fs::File,
    io::Write,
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, Instant},
};
use store::Store;
use store_sqlite::{SqliteOptions, SqliteStore};

const FOR: Duration = Duration::from_secs(3);

fn per_second(count: usize, since: Instant) -> f64 {
    f64::from(u32::try_from(count).unwrap()) / since.elapsed().as_secs_f64()
}

/// Appending a page and flushing it, again and again: the floor under every durable commit.
fn flushes(folder: &Path) -> f64 {
    let mut file = File::create(folder.join("floor")).unwrap();
    let (start, mut count) = (Instant::now(), 0);
    while start.elapsed() < FOR {
        file.write_all(&[7; 4096]).unwrap();
        file.sync_data().unwrap();
        count += 1;
    }
    per_second(count, start)
}

async fn commits(store: &Arc<SqliteStore>, tasks: usize) -> f64 {
    let start = Instant::now();
    let work = |task: usize| {
        let store = Arc::clone(store);
        async move {
            let mut done = 0;
            while start.elapsed() < FOR {
                let mut tx = store.begin().await.unwrap();
                tx.put_setting(&format!("task {task}"), Some(&done.into())).await.unwrap();
                tx.commit().await.unwrap();
                done += 1;
            }
            done
        }
    };
    let running: Vec<_> = (0..tasks).map(|task| tokio::spawn(work(task))).collect();
    let mut count = 0;
    for task in running {
        count += task.await.unwrap();
    }
    per_second(count, start)
}

#[tokio::main]
async fn main() {
    let folder =
        tempfile::tempdir_in(std::env::args().nth(1).map_or_else(std::env::temp_dir, PathBuf::from)).unwrap();
    let store = SqliteStore::open(&folder.path().join("usher.db"), SqliteOptions::default()).await.unwrap();
    store.migrate().await.unwrap();
    let store = Arc::new(store);
    println!("flushes of the disk     {:>8.0}/s", flushes(folder.path()));
    for tasks in [1, 8, 64, 256] {
        println!("commits, {tasks:>3} at once    {:>8.0}/s", commits(&store, tasks).await);
    }
    store.close().await;
}
