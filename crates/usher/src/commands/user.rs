//! `usher user`.

use super::{said, secret_from_input};
use crate::config::Config;
use crate::wire;
use app::access::Actor;
use app::users::FirstOwner;
use clap::Subcommand;
use std::io::IsTerminal;

/// Users of the console.
#[derive(Subcommand)]
pub enum UserCommand {
    /// Add a user; the first one is made the owner
    #[command(
        after_help = "Examples:\n  usher user add ada@example.com --name 'Ada' --password-stdin < password.txt\n  usher user add bo@example.com --profile 'Live agent' --password-stdin"
    )]
    Add {
        /// E-mail address, the sign-in name
        email: String,
        /// Name for people
        #[arg(long, default_value = "")]
        name: String,
        /// Profile: Marketing user, Live agent, Calendar agent, Marketing admin, Sales admin, or one of your own
        #[arg(long, default_value = "Marketing admin")]
        profile: String,
        /// Read the password from standard input (on a terminal it is asked for)
        #[arg(long)]
        password_stdin: bool,
    },
    /// List users
    List {
        /// One JSON object a line
        #[arg(long)]
        json: bool,
    },
}

/// Does it.
pub async fn run(config: &Config, command: UserCommand) -> Result<(), String> {
    let instance = wire::open(config).await?;
    let app = &instance.app;
    let actor = Actor::command_line();
    match command {
        UserCommand::Add { email, name, profile, password_stdin } => {
            if !password_stdin && !std::io::stdin().is_terminal() {
                return Err(
                    "the password is asked for on a terminal; elsewhere give --password-stdin".to_owned()
                );
            }
            let password = secret_from_input("password")?;
            let name =
                if name.is_empty() { email.split('@').next().unwrap_or_default().to_owned() } else { name };
            if app::users::needs_owner(app).await.map_err(|e| said(&e))? {
                let first = FirstOwner {
                    email: &email,
                    name: &name,
                    password: &password,
                    user_agent: "command line",
                };
                app::users::create_first_owner(app, &actor, &first).await.map_err(|e| said(&e))?;
                println!("{email} is the owner of this instance.");
            } else {
                app::profiles::ensure_built_in(app).await.map_err(|e| said(&e))?;
                let user = app::users::create(app, &actor, &email, &name, &profile, Some(&password));
                user.await.map_err(|e| said(&e))?;
                println!("{email} can sign in with the profile {profile}.");
            }
        }
        UserCommand::List { json } => {
            for row in app::users::list(app).await.map_err(|e| said(&e))? {
                let user = &row.user;
                if json {
                    println!(
                        "{}",
                        serde_json::json!({ "id": user.id, "email": user.email, "name": user.name, "profile": row.profile_name, "owner": user.owner, "disabled": user.disabled })
                    );
                } else {
                    println!(
                        "{:<36} {:<24} {}{}",
                        user.email.as_str(),
                        user.name,
                        row.profile_name,
                        if user.owner { " (owner)" } else { "" }
                    );
                }
            }
        }
    }
    app.store().close().await;
    Ok(())
}
