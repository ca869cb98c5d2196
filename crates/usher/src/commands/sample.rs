//! `usher sample-people`.

use clap::Args;
use std::fs::File;
use std::io::BufWriter;
use std::path::PathBuf;

/// What to write.
#[derive(Args)]
pub struct SampleArgs {
    /// How many people
    #[arg(long, default_value_t = 10_000)]
    rows: u64,
    /// In every N-th row one cell is not what its column wants; 0 = none
    #[arg(long, default_value_t = 0, value_name = "N")]
    broken_every: u64,
    /// Where to write; standard output when absent
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

/// Writes the file.
pub fn run(args: &SampleArgs) -> Result<(), String> {
    let said = |e: std::io::Error| e.to_string();
    match &args.out {
        Some(path) => {
            let file = File::create(path).map_err(|e| format!("{}: {e}", path.display()))?;
            crate::sample::write(&mut BufWriter::new(file), args.rows, args.broken_every).map_err(said)
        }
        None => {
            crate::sample::write(&mut BufWriter::new(std::io::stdout().lock()), args.rows, args.broken_every)
                .map_err(said)
        }
    }
}
