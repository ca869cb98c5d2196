//! The browser side inside the binary: read from the build folders in development, embedded in a release.

use rust_embed::RustEmbed;
use web::{Asset, Assets};

#[derive(RustEmbed)]
#[folder = "../../web/apps/console/dist"]
#[allow_missing = true]
struct Console;

#[derive(RustEmbed)]
#[folder = "../../web/apps/widget/dist"]
#[allow_missing = true]
struct Widget;

/// Console and widget as they were built.
pub struct Embedded;

impl Assets for Embedded {
    fn get(&self, path: &str) -> Option<Asset> {
        let (app, rest) = path.split_once('/')?;
        let file = match app {
            "console" => Console::get(rest),
            "widget" => Widget::get(rest),
            _ => None,
        }?;
        Some(Asset { bytes: file.data })
    }
}
