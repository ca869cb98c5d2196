use crate::{World, all_pages, fixtures::FIRST, world::at};
use store::{Job, JobStatus};

pub async fn two_claimers_never_get_the_same_job(w: World) {
    let jobs: Vec<Job> = (0..30).map(|n| w.job("mail", n)).collect();
    let mut tx = w.begin().await;
    tx.enqueue(&jobs).await.unwrap();
    tx.enqueue(&[w.job("other", 0), w.job("mail", 500)]).await.unwrap();
    tx.commit().await.unwrap();
    let claim = |w: World| async move {
        let mut tx = w.begin().await;
        let claimed = tx.claim_jobs(&["mail"], at(100), at(200), 20).await.unwrap();
        tx.commit().await.unwrap();
        claimed
    };
    let (one, two) = tokio::join!(tokio::spawn(claim(w.clone())), tokio::spawn(claim(w.clone())));
    let mut claimed: Vec<_> = one.unwrap().into_iter().chain(two.unwrap()).map(|job| job.id).collect();
    claimed.sort_unstable();
    let mut expected: Vec<_> = jobs.iter().map(|job| job.id).collect();
    expected.sort_unstable();
    assert_eq!(claimed, expected);
    let mut tx = w.begin().await;
    assert!(tx.claim_jobs(&["mail"], at(199), at(300), 50).await.unwrap().is_empty());
    let again = tx.claim_jobs(&["mail"], at(200), at(300), 50).await.unwrap();
    assert_eq!(
        again.iter().map(|job| job.id).collect::<Vec<_>>(),
        jobs.iter().map(|job| job.id).collect::<Vec<_>>()
    );
    assert_eq!(tx.claim_jobs(&["other", "mail"], at(200), at(300), 50).await.unwrap().len(), 1);
    tx.commit().await.unwrap();
}

pub async fn settled_jobs_stay_settled_and_held_ones_are_released(w: World) {
    let (done, mut held) = (w.job("mail", 0), w.job("mail", 0));
    held.status = JobStatus::Held;
    let mut tx = w.begin().await;
    tx.enqueue(&[done.clone(), held.clone()]).await.unwrap();
    let mut claimed = tx.claim_jobs(&["mail"], at(1), at(60), 10).await.unwrap().remove(0);
    assert_eq!(claimed, done);
    claimed.attempts = 1;
    claimed.last_error = Some("451 later".to_owned());
    claimed.next_attempt_at = at(30);
    tx.settle_job(&claimed).await.unwrap();
    assert!(tx.claim_jobs(&["mail"], at(29), at(60), 10).await.unwrap().is_empty());
    assert_eq!(tx.claim_jobs(&["mail"], at(30), at(60), 10).await.unwrap(), vec![claimed.clone()]);
    claimed.status = JobStatus::Sent;
    claimed.finished_at = Some(at(31));
    tx.settle_job(&claimed).await.unwrap();
    assert_eq!(tx.job(done.id).await.unwrap(), Some(claimed));
    assert!(tx.claim_jobs(&["mail"], at(999), at(1_000), 10).await.unwrap().is_empty());
    assert_eq!(tx.release_held("mail", at(40)).await.unwrap(), 1);
    assert_eq!(tx.release_held("mail", at(40)).await.unwrap(), 0);
    let released = tx.claim_jobs(&["mail"], at(40), at(60), 10).await.unwrap();
    assert_eq!(released.iter().map(|job| job.id).collect::<Vec<_>>(), vec![held.id]);
    tx.commit().await.unwrap();
}

pub async fn what_ended_long_ago_is_forgotten(w: World) {
    let ended = |kind: &str, at_second: Option<i64>| {
        let mut job = w.job(kind, 0);
        (job.status, job.finished_at) = match at_second {
            Some(second) => (JobStatus::Sent, Some(at(second))),
            None => (JobStatus::Waiting, None),
        };
        job
    };
    let jobs =
        [ended("alert", Some(5)), ended("alert", Some(9)), ended("alert", None), ended("mail", Some(5))];
    let mut tx = w.begin().await;
    tx.enqueue(&jobs).await.unwrap();
    assert_eq!(tx.expire_jobs("alert", at(9), 10).await.unwrap(), 1);
    assert_eq!(tx.expire_jobs("alert", at(9), 10).await.unwrap(), 0);
    tx.commit().await.unwrap();
    let mut left: Vec<_> = w.read().await.jobs(None, None, &FIRST).await.unwrap().items;
    left.sort_by_key(|job| job.id);
    assert_eq!(left.iter().map(|job| job.id).collect::<Vec<_>>(), [jobs[1].id, jobs[2].id, jobs[3].id]);
}

pub async fn jobs_are_listed_by_kind_and_status(w: World) {
    let mut jobs: Vec<Job> = (0..9)
        .map(|n| {
            let mut job = w.job(if n % 2 == 0 { "mail" } else { "alarm" }, n / 3);
            job.status = if n < 2 { JobStatus::Dead } else { JobStatus::Waiting };
            job
        })
        .collect();
    let mut tx = w.begin().await;
    tx.enqueue(&jobs).await.unwrap();
    tx.commit().await.unwrap();
    jobs.sort_by_key(|job| std::cmp::Reverse((job.created_at, job.id)));
    let mut session = w.read().await;
    assert_eq!(all_pages!(2, page => session.jobs(None, None, &page)), jobs);
    assert_eq!(session.jobs(Some("mail"), None, &FIRST).await.unwrap().items.len(), 5);
    assert_eq!(session.jobs(Some("mail"), Some(JobStatus::Dead), &FIRST).await.unwrap().items.len(), 1);
    let mut counts = session.job_counts().await.unwrap();
    counts.retain(|(_, count)| *count > 0);
    counts.sort_by_key(|(_, count)| *count);
    assert_eq!(counts, vec![(JobStatus::Dead, 2), (JobStatus::Waiting, 7)]);
    assert_eq!(session.job(w.id()).await.unwrap(), None);
}
