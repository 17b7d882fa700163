//! stalwart's mail-parser over an mbox: every message is parsed completely with the parser's defaults,
//! nothing is written. A line that begins with "From " separates messages, as in the benchmark's mailboxes.
//! The file is read in pieces into one buffer that is used again: memory that is touched once costs more
//! than the parsing.
use mail_parser::MessageParser;
use memchr::{memchr, memmem};
use std::io::Read;

const PIECE: usize = 1 << 20;

fn main() -> std::io::Result<()> {
    let path = std::env::args_os().nth(1).expect("usage: stalwart_peer MBOX");
    let mut file = std::fs::File::open(path)?;
    let separator = memmem::Finder::new(b"\nFrom ");
    let parser = MessageParser::default();
    let (mut messages, mut parts) = (0usize, 0usize);
    let mut buffer = vec![0u8; 2 * PIECE];
    let mut held = 0;
    loop {
        if buffer.len() < held + PIECE {
            buffer.resize(held + PIECE, 0);
        }
        let read = file.read(&mut buffer[held..held + PIECE])?;
        let filled = held + read;
        let mut start = 0;
        loop {
            let end = match separator.find(&buffer[start..filled]) {
                Some(at) => start + at + 1,
                None if read == 0 => filled,
                None => break,
            };
            let line = memchr(b'\n', &buffer[start..end]).map_or(end, |at| start + at + 1);
            if let Some(message) = parser.parse(&buffer[line..end]) {
                messages += 1;
                parts += message.parts.len();
            }
            start = end;
            if start == filled {
                break;
            }
        }
        if read == 0 {
            break;
        }
        buffer.copy_within(start..filled, 0);
        held = filled - start;
    }
    println!("{{\"messages\": {messages}, \"parts\": {parts}}}");
    Ok(())
}
