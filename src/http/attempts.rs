//! Wrong tokens, counted by the address that they come from: nobody guesses them at leisure.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::http::HeaderMap;

const WINDOW: Duration = Duration::from_secs(60);

/// Addresses remembered at once.
const ADDRESSES: usize = 10_000;

#[derive(Debug)]
pub struct Attempts {
    limit: u32,
    /// When the first of a minute's came, and how many did since.
    seen: Mutex<HashMap<IpAddr, (Instant, u32)>>,
}

impl Attempts {
    pub fn new(limit: u32) -> Attempts {
        Attempts { limit, seen: Mutex::default() }
    }

    /// Counts a wrong token.
    pub fn fail(&self, address: IpAddr) {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        if seen.len() >= ADDRESSES {
            seen.retain(|_, (began, _)| began.elapsed() < WINDOW);
        }
        let (began, count) = seen.entry(address).or_insert_with(|| (Instant::now(), 0));
        if began.elapsed() >= WINDOW {
            (*began, *count) = (Instant::now(), 0);
        }
        *count += 1;
    }

    /// Whether an address has sent too many: then none of its tokens is looked at, right ones neither.
    pub fn is_blocked(&self, address: IpAddr) -> bool {
        let seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        seen.get(&address).is_some_and(|(began, count)| *count > self.limit && began.elapsed() < WINDOW)
    }
}

/// The address that a request is counted under: that of the connection, or, where a proxy on this machine made it, the last that
/// the proxy wrote down. What a client writes before it is not believed.
pub fn origin(peer: Option<IpAddr>, headers: &HeaderMap) -> Option<IpAddr> {
    let forwarded =
        || headers.get_all("x-forwarded-for").into_iter().next_back()?.to_str().ok()?.rsplit(',').next()?.trim().parse().ok();
    peer.map(|peer| if peer.is_loopback() { forwarded().unwrap_or(peer) } else { peer })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_blocked_by_its_own_faults() {
        let attempts = Attempts::new(2);
        let [a, b]: [IpAddr; 2] = ["192.0.2.1", "192.0.2.2"].map(|address| address.parse().unwrap());
        for expected in [false, false, true] {
            attempts.fail(a);
            assert_eq!(attempts.is_blocked(a), expected);
        }
        assert!(!attempts.is_blocked(b));
    }

    #[test]
    fn only_a_proxy_of_this_machine_is_believed() {
        let headers = HeaderMap::from_iter([("x-forwarded-for".parse().unwrap(), "198.51.100.9, 203.0.113.5".parse().unwrap())]);
        let origin = |peer: &str| origin(Some(peer.parse().unwrap()), &headers).unwrap().to_string();
        assert_eq!((origin("127.0.0.1").as_str(), origin("192.0.2.1").as_str()), ("203.0.113.5", "192.0.2.1"));
    }
}
