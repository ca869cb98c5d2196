//! Mail against a real SMTP dialogue on loopback.

use connect::{Mail, MailError, Mailer};
use kernel::Secret;
use outbound::{Encryption, SmtpMailer, SmtpSettings};
use std::{sync::Arc, time::Duration};
use testkit::{
    SetClock,
    smtp::{Manners, SmtpServer},
};

const JOB: &str = "job_01j9zzzzzzzzzzzzzzzzzzzzzz";

fn settings(server: &SmtpServer) -> SmtpSettings {
    SmtpSettings {
        host: server.address().ip().to_string(),
        port: server.address().port(),
        encryption: Encryption::None,
        credentials: None,
        from: "usher@example.com".parse().expect("an address"),
        from_name: Some("Usher at Example".to_owned()),
    }
}

fn mailer(server: &SmtpServer) -> SmtpMailer {
    SmtpMailer::new(settings(server), Arc::new(SetClock::at("2026-11-20T09:30:00Z")))
        .expect("usable settings")
}

fn mail() -> Mail {
    Mail {
        id: JOB.parse().expect("an id"),
        to: "ada@example.org".parse().expect("an address"),
        to_name: Some("Ada Lovelace".to_owned()),
        subject: "You are invited".to_owned(),
        text: "Hello Ada,\n.\ncome in.\n".to_owned(),
        html: None,
    }
}

#[tokio::test]
async fn a_mail_arrives_as_it_was_written() {
    let server = SmtpServer::start().await;
    mailer(&server).send(&mail()).await.expect("the server takes it");
    let received = &server.wait_for(1).await[0];
    assert_eq!(received.from, "usher@example.com");
    assert_eq!(received.to, ["ada@example.org"]);
    for (header, value) in [
        ("From", "\"Usher at Example\" <usher@example.com>"),
        ("To", "\"Ada Lovelace\" <ada@example.org>"),
        ("Subject", "You are invited"),
        ("Date", "Fri, 20 Nov 2026 09:30:00 +0000"),
        ("Message-ID", "<job_01j9zzzzzzzzzzzzzzzzzzzzzz@example.com>"),
        ("Auto-Submitted", "auto-generated"),
        ("Content-Type", "text/plain; charset=utf-8"),
    ] {
        assert_eq!(received.header(header).as_deref(), Some(value), "{header}: {}", received.data);
    }
    assert!(received.data.contains("\n\nHello Ada,\n.\ncome in.\n"), "{}", received.data);
    assert_eq!(received.credentials, None);
}

#[tokio::test]
async fn html_stands_beside_the_text() {
    let server = SmtpServer::start().await;
    let mail = Mail { html: Some("<p>Hello <b>Ada</b></p>".to_owned()), ..mail() };
    mailer(&server).send(&mail).await.expect("the server takes it");
    let received = &server.wait_for(1).await[0];
    let kind = received.header("Content-Type").expect("a type");
    assert!(kind.starts_with("multipart/alternative"), "{kind}");
    let text = received.data.find("come in.").expect("the text");
    let html = received.data.find("<b>Ada</b>").expect("the HTML");
    assert!(text < html, "the plainest form comes first");
}

#[tokio::test]
async fn user_and_password_are_given_and_never_shown() {
    let server = SmtpServer::start().await;
    let settings = SmtpSettings {
        credentials: Some(("usher".to_owned(), Secret::new("hunter2".to_owned()))),
        ..settings(&server)
    };
    assert!(!format!("{settings:?}").contains("hunter2"));
    let mailer = SmtpMailer::new(settings, Arc::new(SetClock::at("2026-11-20T09:30:00Z"))).expect("usable");
    mailer.send(&mail()).await.expect("the server takes it");
    // base64 of "\0usher\0hunter2"
    assert_eq!(server.mails()[0].credentials.as_deref(), Some("AHVzaGVyAGh1bnRlcjI="));
}

#[tokio::test]
async fn permanent_and_temporary_failures_differ() {
    let server = SmtpServer::start().await;
    let mailer = mailer(&server);
    for (manners, permanent) in [
        (Manners::RefuseRecipient(550), true),
        (Manners::RefuseContent(554), true),
        (Manners::RefuseRecipient(450), false),
        (Manners::RefuseContent(452), false),
        (Manners::RefuseConnection(421), false),
        (Manners::RefuseRecipient(530), false),
    ] {
        server.behave(manners);
        let error = mailer.send(&mail()).await.expect_err("refused");
        assert_eq!(error.is_permanent(), permanent, "{manners:?}: {error}");
        assert!(!error.to_string().is_empty() && !error.to_string().contains('\n'));
    }
    assert_eq!(server.mails(), []);
    server.behave(Manners::Accept);
    mailer.send(&mail()).await.expect("and now it goes");
}

#[tokio::test]
async fn a_retry_after_a_lost_answer_is_the_same_mail() {
    let server = SmtpServer::start().await;
    let mailer = mailer(&server);
    server.behave(Manners::LoseAnswer);
    let error = mailer.send(&mail()).await.expect_err("no answer");
    assert!(!error.is_permanent(), "{error}");
    server.behave(Manners::Accept);
    mailer.send(&mail()).await.expect("taken");
    let mails = server.wait_for(2).await;
    assert_eq!(mails[0].header("Message-ID"), mails[1].header("Message-ID"));
}

#[tokio::test]
async fn a_silent_server_is_left() {
    let server = SmtpServer::start().await;
    server.behave(Manners::Hang);
    let mailer = mailer(&server).with_time_limit(Duration::from_millis(200));
    let error = mailer.send(&mail()).await.expect_err("no answer");
    assert_eq!(error, MailError::Temporary("no answer within 0.2 s".to_owned()));
}

#[tokio::test]
async fn no_server_is_a_temporary_failure() {
    let server = SmtpServer::start().await;
    let settings = SmtpSettings { port: testkit::servers::free_port(), ..settings(&server) };
    let mailer = SmtpMailer::new(settings, Arc::new(SetClock::at("2026-11-20T09:30:00Z"))).expect("usable");
    assert!(!mailer.send(&mail()).await.expect_err("nobody there").is_permanent());
}

#[tokio::test]
async fn without_starttls_nothing_is_sent_in_the_clear() {
    let server = SmtpServer::start().await;
    let settings = SmtpSettings { encryption: Encryption::StartTls, ..settings(&server) };
    let mailer = SmtpMailer::new(settings, Arc::new(SetClock::at("2026-11-20T09:30:00Z"))).expect("usable");
    mailer.send(&mail()).await.expect_err("the server has no STARTTLS");
    assert_eq!(server.mails(), []);
}

#[tokio::test]
async fn line_breaks_never_reach_a_header() {
    let server = SmtpServer::start().await;
    let mailer = mailer(&server);
    for bad in ["x\r\nBcc: eve@example.net", "x\nBcc: eve@example.net", "x\rBcc: eve@example.net", "x\0"] {
        for mail in
            [Mail { subject: bad.to_owned(), ..mail() }, Mail { to_name: Some(bad.to_owned()), ..mail() }]
        {
            assert!(mailer.send(&mail).await.expect_err("refused").is_permanent(), "{bad:?}");
        }
        let settings = SmtpSettings { from_name: Some(bad.to_owned()), ..settings(&server) };
        assert!(SmtpMailer::new(settings, Arc::new(SetClock::at("2026-11-20T09:30:00Z"))).is_err());
    }
    assert_eq!(server.mails(), []);
}

#[tokio::test]
async fn other_scripts_travel_encoded() {
    let server = SmtpServer::start().await;
    let mail = Mail {
        to: "ada@münchen.de".parse().expect("an address"),
        to_name: Some("Adá 招待".to_owned()),
        subject: "Grüße 招待 ".repeat(20),
        text: format!("{}\n", "ü".repeat(2_000)),
        ..mail()
    };
    mailer(&server).send(&mail).await.expect("taken");
    let received = &server.wait_for(1).await[0];
    assert_eq!(received.to, ["ada@xn--mnchen-3ya.de"]);
    assert!(received.data.is_ascii() && received.data.lines().all(|line| line.len() <= 998));
}
