use super::{MAX_BYTES, digest_of, fetch};
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::thread;

const NAME: &str = "labels.gz";

fn content() -> Vec<u8> {
    (0..100_000_u32).map(|byte| (byte.wrapping_mul(byte) >> 5) as u8).collect()
}

fn digest() -> String {
    let path = folder("digest").join("all");
    fs::write(&path, content()).unwrap();
    digest_of(&path).unwrap()
}

/// An empty folder of a test's own.
fn folder(test: &str) -> PathBuf {
    let thread = format!("{:?}", thread::current().id());
    let path = std::env::temp_dir().join(format!("convscope-mnist-{}-{thread}-{test}", std::process::id()));
    let _ = fs::remove_dir_all(&path);
    fs::create_dir_all(&path).unwrap();
    path
}

/// How a server treats its visitors.
#[derive(Clone, Copy, Default)]
struct Manners {
    /// Ends the connection after so many bytes of a body.
    breaks_off: Option<usize>,
    no_ranges: bool,
    missing: bool,
    wrong: bool,
    /// Sends more than any file has.
    endless: bool,
}

/// A mirror on this machine: its address, and the ranges that it was asked for.
fn mirror(manners: Manners) -> (String, Arc<Mutex<Vec<Option<usize>>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}/", listener.local_addr().unwrap());
    let asked = Arc::new(Mutex::new(Vec::new()));
    let log = Arc::clone(&asked);
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let lines = BufReader::new(&stream).lines().map_while(Result::ok);
            let headers: Vec<String> = lines.take_while(|line| !line.is_empty()).collect();
            let range = headers.iter().find_map(|line| {
                line.to_lowercase().strip_prefix("range: bytes=")?.trim_end_matches('-').parse::<usize>().ok()
            });
            log.lock().unwrap().push(range);
            let mut body = content();
            if manners.wrong {
                body[7] ^= 1;
            }
            if manners.endless {
                body.resize(MAX_BYTES as usize + 2, 0);
            }
            let from = range.filter(|_| !manners.no_ranges).unwrap_or(0);
            let status = match range {
                _ if manners.missing => "404 Not Found".to_string(),
                _ if from >= body.len() => "416 Range Not Satisfiable".to_string(),
                Some(_) if !manners.no_ranges => {
                    format!(
                        "206 Partial Content\r\nContent-Range: bytes {from}-{}/{}",
                        body.len() - 1,
                        body.len()
                    )
                }
                _ => "200 OK".to_string(),
            };
            let rest = &body[from.min(body.len())..];
            let rest = if manners.missing { &[] } else { rest };
            let sent = &rest[..manners.breaks_off.unwrap_or(rest.len()).min(rest.len())];
            let head =
                format!("HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", rest.len());
            let _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(sent));
        }
    });
    (address, asked)
}

#[test]
fn goes_on_where_a_connection_broke() {
    let (address, asked) = mirror(Manners { breaks_off: Some(40_000), ..Manners::default() });
    let folder = folder("resume");
    fetch(NAME, &digest(), &[&address], &folder).unwrap();
    assert_eq!(fs::read(folder.join(NAME)).unwrap(), content());
    assert_eq!(*asked.lock().unwrap(), [None, Some(40_000), Some(80_000)]);
    fetch(NAME, &digest(), &[&address], &folder).unwrap();
    assert_eq!(asked.lock().unwrap().len(), 3, "what is there is not asked for again");
}

#[test]
fn keeps_what_came_for_the_next_time() {
    let (address, asked) = mirror(Manners { breaks_off: Some(10), ..Manners::default() });
    let folder = folder("part");
    let error = fetch(NAME, &digest(), &[&address], &folder).unwrap_err().to_string();
    assert!(error.contains("connection broke") && error.contains("Try again later"), "{error}");
    let kept = fs::read(folder.join("labels.gz.part")).unwrap();
    assert_eq!(kept, content()[..10 * asked.lock().unwrap().len()]);
    let (address, asked) = mirror(Manners::default());
    fetch(NAME, &digest(), &[&address], &folder).unwrap();
    assert_eq!(*asked.lock().unwrap(), [Some(kept.len())]);
    assert_eq!(fs::read(folder.join(NAME)).unwrap(), content());
}

#[test]
fn begins_again_where_a_server_knows_no_ranges() {
    let (address, _) = mirror(Manners { no_ranges: true, ..Manners::default() });
    let folder = folder("whole");
    fs::write(folder.join("labels.gz.part"), &content()[..500]).unwrap();
    fetch(NAME, &digest(), &[&address], &folder).unwrap();
    assert_eq!(fs::read(folder.join(NAME)).unwrap(), content());
}

#[test]
fn asks_the_next_mirror_for_a_missing_or_wrong_file() {
    let (missing, _) = mirror(Manners { missing: true, ..Manners::default() });
    let (wrong, _) = mirror(Manners { wrong: true, ..Manners::default() });
    let (right, _) = mirror(Manners::default());
    let folder = folder("mirrors");
    let error = fetch(NAME, &digest(), &[&missing, &wrong], &folder).unwrap_err().to_string();
    assert!(error.contains("404") && error.contains("digest"), "{error}");
    assert_eq!(fs::read_dir(&folder).unwrap().count(), 0, "wrong bytes are not kept");
    fetch(NAME, &digest(), &[&missing, &wrong, &right], &folder).unwrap();
    assert_eq!(fs::read(folder.join(NAME)).unwrap(), content());
}

#[test]
fn a_part_that_is_already_whole_is_taken() {
    let (address, asked) = mirror(Manners::default());
    let folder = folder("whole-part");
    fs::write(folder.join("labels.gz.part"), content()).unwrap();
    fetch(NAME, &digest(), &[&address], &folder).unwrap();
    assert_eq!(*asked.lock().unwrap(), [Some(content().len())], "answered with 416");
    assert_eq!(fs::read(folder.join(NAME)).unwrap(), content());
}

#[test]
fn a_part_of_another_file_gives_way() {
    for length in [500, content().len(), content().len() + 500] {
        let (address, asked) = mirror(Manners::default());
        let folder = folder("other-part");
        fs::write(folder.join("labels.gz.part"), vec![9; length]).unwrap();
        fetch(NAME, &digest(), &[&address], &folder).unwrap();
        assert_eq!(*asked.lock().unwrap(), [Some(length), None]);
        assert_eq!(fs::read(folder.join(NAME)).unwrap(), content());
    }
}

#[test]
fn a_server_that_never_ends_is_stopped() {
    let (address, _) = mirror(Manners { endless: true, ..Manners::default() });
    let folder = folder("endless");
    let error = fetch(NAME, &digest(), &[&address], &folder).unwrap_err().to_string();
    assert!(error.contains("at most 33554432 bytes"), "{error}");
    assert_eq!(fs::read_dir(&folder).unwrap().count(), 0);
}
