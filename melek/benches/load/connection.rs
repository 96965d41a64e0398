//! One browser's connection to the server: HTTP/1.1 that stays open, and no more of it than the simulated people need.
//!
//! Bodies are kept as they travel (gzip), so that their size can be measured; `Answer::text` unpacks them.

use std::io::{Error, ErrorKind, Read as _, Result};
use std::net::SocketAddr;

use flate2::read::GzDecoder;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// Asks for the main part of a page only, as the page's own script does.
pub const FRAGMENT: &str = "x-melek-fragment: 1\r\n";

pub struct Connection {
    stream: TcpStream,
    host: String,
    /// What came of the answer being read.
    received: Vec<u8>,
}

/// What the server answered.
pub struct Answer {
    pub status: u16,
    /// Status line and headers.
    pub head: String,
    pub body: Vec<u8>,
}

impl Connection {
    pub async fn open(server: SocketAddr) -> Result<Self> {
        let stream = TcpStream::connect(server).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, host: server.to_string(), received: Vec::with_capacity(16 * 1024) })
    }

    /// `headers` are whole lines, each with its line end.
    pub async fn get(&mut self, path: &str, headers: &str) -> Result<Answer> {
        let request = format!("GET {path} HTTP/1.1\r\nhost: {}\r\naccept-encoding: gzip\r\n{headers}\r\n", self.host);
        self.send(&request).await
    }

    pub async fn post(&mut self, path: &str, headers: &str, form: &str) -> Result<Answer> {
        let request = format!(
            "POST {path} HTTP/1.1\r\nhost: {}\r\naccept-encoding: gzip\r\n{headers}\
             content-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n\r\n{form}",
            self.host,
            form.len()
        );
        self.send(&request).await
    }

    async fn send(&mut self, request: &str) -> Result<Answer> {
        self.stream.write_all(request.as_bytes()).await?;
        self.received.clear();
        let end = self.receive_until(0, b"\r\n\r\n").await?;
        let head = String::from_utf8_lossy(&self.received[..end]).into_owned();
        let status = head.get(9..12).and_then(|digits| digits.parse().ok()).ok_or_else(unreadable)?;
        let mut answer = Answer { status, head, body: Vec::new() };
        answer.body = match answer.header("content-length").map(str::parse) {
            Some(Ok(length)) => self.receive_exactly(end, length).await?.to_vec(),
            _ if answer.header("transfer-encoding") == Some("chunked") => self.receive_chunks(end).await?,
            _ => Vec::new(),
        };
        Ok(answer)
    }

    async fn receive_chunks(&mut self, mut at: usize) -> Result<Vec<u8>> {
        let mut body = Vec::new();
        loop {
            let line_end = self.receive_until(at, b"\r\n").await?;
            let digits = std::str::from_utf8(&self.received[at..line_end - 2]).map_err(|_| unreadable())?;
            let length = usize::from_str_radix(digits, 16).map_err(|_| unreadable())?;
            body.extend_from_slice(&self.receive_exactly(line_end, length + 2).await?[..length]);
            at = line_end + length + 2;
            if length == 0 {
                return Ok(body);
            }
        }
    }

    /// The place behind the first `mark` at or after `from`.
    async fn receive_until(&mut self, from: usize, mark: &[u8]) -> Result<usize> {
        let mut looked_at = from;
        loop {
            let found = self.received[looked_at..].windows(mark.len()).position(|window| window == mark);
            if let Some(found) = found {
                return Ok(looked_at + found + mark.len());
            }
            looked_at = from.max((self.received.len() + 1).saturating_sub(mark.len()));
            self.receive().await?;
        }
    }

    async fn receive_exactly(&mut self, from: usize, length: usize) -> Result<&[u8]> {
        while self.received.len() < from + length {
            self.receive().await?;
        }
        Ok(&self.received[from..from + length])
    }

    async fn receive(&mut self) -> Result<()> {
        match self.stream.read_buf(&mut self.received).await? {
            0 => Err(ErrorKind::UnexpectedEof.into()),
            _ => Ok(()),
        }
    }
}

impl Answer {
    /// The value of a header; the server writes names in small letters.
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut pairs = self.head.lines().filter_map(|line| line.split_once(": "));
        pairs.find(|(key, _)| *key == name).map(|(_, value)| value)
    }

    /// The body as text, unpacked.
    pub fn text(&self) -> Result<String> {
        if self.header("content-encoding") == Some("gzip") {
            let mut text = String::new();
            GzDecoder::new(&*self.body).read_to_string(&mut text)?;
            return Ok(text);
        }
        String::from_utf8(self.body.clone()).map_err(|_| unreadable())
    }
}

fn unreadable() -> Error {
    Error::new(ErrorKind::InvalidData, "the answer of the server cannot be read")
}
