//! The plainest client: it adds nothing to a request and hides nothing of an answer.

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};

use crate::harness::PATIENCE;

#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    pub status: u16,
    /// Lowercase names; several lines of one name are joined by `, `.
    pub headers: BTreeMap<String, String>,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", String::as_str)
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }

    /// The body without its content encoding.
    pub fn gunzipped(&self) -> Vec<u8> {
        let mut plain = Vec::new();
        match self.header("content-encoding") {
            "gzip" => flate2::read::GzDecoder::new(&self.body[..]).read_to_end(&mut plain).unwrap(),
            _ => (&self.body[..]).read_to_end(&mut plain).unwrap(),
        };
        plain
    }
}

pub fn get(address: SocketAddr, path: &str, headers: &[(&str, &str)]) -> Answer {
    ask(address, "GET", path, headers, b"")
}

pub fn ask(address: SocketAddr, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
    let mut request = format!("{method} {path} HTTP/1.1\r\nhost: test\r\nconnection: close\r\n");
    for (name, value) in headers {
        request += &format!("{name}: {value}\r\n");
    }
    if !body.is_empty() {
        request += &format!("content-length: {}\r\n", body.len());
    }
    let mut bytes = (request + "\r\n").into_bytes();
    bytes.extend_from_slice(body);
    parse(&exchange(address, &bytes))
}

/// Sends bytes as they are; returns all that comes back until the server closes.
pub fn exchange(address: SocketAddr, bytes: &[u8]) -> Vec<u8> {
    said(TcpStream::connect(address).unwrap(), bytes)
}

/// The answer to a GET, or `None` where nobody answers.
pub fn try_get(address: SocketAddr, path: &str) -> Option<Answer> {
    let request = format!("GET {path} HTTP/1.1\r\nhost: test\r\nconnection: close\r\n\r\n");
    let answer = said(TcpStream::connect(address).ok()?, request.as_bytes());
    (!answer.is_empty()).then(|| parse(&answer))
}

fn said(mut stream: TcpStream, bytes: &[u8]) -> Vec<u8> {
    // Longer than any limit that a server of the tests has: it is the server that lets go.
    stream.set_read_timeout(Some(2 * PATIENCE)).unwrap();
    // The server may answer and close before it has read everything.
    let _ = stream.write_all(bytes);
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    answer
}

pub fn parse(bytes: &[u8]) -> Answer {
    let end = bytes.windows(4).position(|window| window == b"\r\n\r\n");
    let end = end.unwrap_or_else(|| panic!("no answer: {:?}", String::from_utf8_lossy(bytes)));
    let head = String::from_utf8(bytes[..end].to_vec()).unwrap();
    let mut lines = head.split("\r\n");
    let status = lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
    let mut headers: BTreeMap<String, String> = BTreeMap::new();
    for (name, value) in lines.filter_map(|line| line.split_once(": ")) {
        let joined = headers.entry(name.to_ascii_lowercase()).or_default();
        if !joined.is_empty() {
            joined.push_str(", ");
        }
        joined.push_str(value);
    }
    let body = &bytes[end + 4..];
    let chunked = headers.get("transfer-encoding").is_some_and(|coding| coding == "chunked");
    Answer { status, headers, body: if chunked { joined(body) } else { body.to_vec() } }
}

/// A body that came in pieces (RFC 9112 §7.1), each after its length. One that is broken off is told.
fn joined(mut pieces: &[u8]) -> Vec<u8> {
    let mut body = Vec::new();
    // Of a HEAD there is none.
    while !pieces.is_empty() {
        let line = pieces.windows(2).position(|pair| pair == b"\r\n").expect("the body is broken off");
        let length = usize::from_str_radix(std::str::from_utf8(&pieces[..line]).unwrap(), 16).unwrap();
        if length == 0 {
            return body;
        }
        body.extend_from_slice(&pieces[line + 2..line + 2 + length]);
        pieces = &pieces[line + 4 + length..];
        assert!(!pieces.is_empty(), "the body is broken off");
    }
    body
}
