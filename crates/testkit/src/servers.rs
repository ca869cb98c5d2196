//! Starting a real server for the time of the tests: it dies with this process, however that ends, and takes its
//! directory with it.

use std::{
    io::{self, Write},
    net::TcpListener,
    os::unix::process::CommandExt,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

/// Runs the server and waits on a pipe that only the tests' process holds open: it closes when that process ends, also by
/// `kill -9`. A parent-death signal would not do: it comes when the *thread* that started the server ends.
const KEEPER: &str = r#"
dir=$1; signal=$2; shift 2
"$@" </dev/null >"$dir/log" 2>&1 &
server=$!
last_word=$(cat)
kill "-$signal" "$server" 2>/dev/null
wait "$server"
[ "$last_word" = keep ] || rm -rf "$dir"
"#;

/// A running server; dropping it stops the server and removes its directory.
#[derive(Debug)]
pub struct RunningServer {
    keeper: Child,
    directory: PathBuf,
}

impl RunningServer {
    /// Starts `command` in a new process group. `directory` becomes the server's own: its output goes to `log` in there and
    /// it is removed at the end. `stop_signal` is what ends the server (`QUIT`, `KILL`).
    pub fn start(directory: PathBuf, stop_signal: &str, command: &[String]) -> io::Result<Self> {
        let keeper = Command::new("sh")
            .args(["-c", KEEPER, "keeper"])
            .arg(&directory)
            .arg(stop_signal)
            .args(command)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            // Ctrl-C at the terminal ends the tests; the keeper then still has to clean up.
            .process_group(0)
            .spawn()?;
        Ok(Self { keeper, directory })
    }

    /// Stops the server and leaves its directory, to start it there again.
    pub fn stop(mut self) -> PathBuf {
        if let Some(pipe) = &mut self.keeper.stdin {
            // A keeper that is gone has nothing to keep.
            drop(pipe.write_all(b"keep"));
        }
        self.directory.clone()
    }

    /// Where the server keeps its things.
    pub fn directory(&self) -> &Path {
        &self.directory
    }

    /// What the server wrote.
    pub fn log(&self) -> String {
        std::fs::read_to_string(self.directory.join("log")).unwrap_or_default()
    }
}

impl Drop for RunningServer {
    fn drop(&mut self) {
        drop(self.keeper.stdin.take());
        drop(self.keeper.wait());
    }
}

/// Lets this process and those that it starts from now on hold so many files and connections, as far as the system allows.
pub fn allow_open_files(number: u32) {
    let (process, limit) = (std::process::id().to_string(), format!("--nofile={number}:"));
    // Without it the limit is what it was, and a test that needs more says so.
    drop(Command::new("prlimit").args(["--pid", &process, &limit]).status());
}

/// A port of the loopback interface that was free a moment ago.
pub fn free_port() -> u16 {
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a free port on the loopback interface");
    listener.local_addr().expect("a bound socket has an address").port()
}

/// A new empty directory that is not removed by itself.
pub fn new_directory(prefix: &str) -> PathBuf {
    tempfile::Builder::new().prefix(prefix).tempdir().expect("a directory for temporary files").keep()
}

/// Something that tells two processes and two runs apart.
pub fn unique_word() -> String {
    use std::hash::{BuildHasher, Hasher, RandomState};
    format!("{:016x}", RandomState::new().build_hasher().finish())
}
