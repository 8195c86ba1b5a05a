//! LIVENESS: what is stored while a connection is young, and the server may not push to it yet, is told
//! within its bound (SPEC.md §4).
use serde_json::{Value, json};

use crate::sim::{Run, news};

/// Latest offset of a message from the connect: beyond the server's tick.
const YOUNG_MS: usize = 1_600;
/// Within this time it is told.
const TOLD_MS: u32 = 10_000;
/// A cut is over within this time.
const BACK_MS: i64 = 10_000;

impl Run {
    /// Each device in turn is cut, comes back, and is told what is said to it soon after; nothing else happens.
    pub(crate) fn check_liveness(&mut self) -> Result<(), String> {
        for at in 0..self.devices.len() {
            let after = self.chance.below(YOUNG_MS) as u32;
            let away = self.chance.below(3_000) as u32;
            self.check_young(at, away, after)
                .map_err(|why| format!("{}: {why}", self.devices[at].page.client.name))?;
        }
        Ok(())
    }

    fn check_young(&self, at: usize, away: u32, after: u32) -> Result<(), String> {
        let device = &self.devices[at];
        let client = &device.page.client;
        let rt = &self.world.rt;
        let connects = || client.heard("OnConnectSuccess").len();
        let before = connects();
        self.world.net.cut_off(&client.name);
        rt.run_for(away);
        self.world
            .net
            .cut
            .borrow_mut()
            .retain(|page| *page != client.name);
        let back_by = rt_now(self) + BACK_MS;
        while connects() == before {
            if rt_now(self) > back_by {
                return Err(format!("not back {BACK_MS} ms after a cut of {away} ms"));
            }
            rt.run_for(10);
        }
        rt.run_for(after);
        let body = json!({"from": "dave", "to": device.who.user, "text": "are you there?"});
        let sent = self
            .world
            .net
            .with(|model, now| openim_server::control::act(model, now, "send", &body));
        // One who blocked dave, or does not receive, hears nothing.
        let Some(id) = sent.and_then(|sent| match &sent["clientMsgIDs"][0] {
            Value::String(id) => Some(id.clone()),
            _ => None,
        }) else {
            return Ok(());
        };
        rt.run_for(TOLD_MS);
        let told = news(&device.page)
            .into_iter()
            .filter(|(_, _, told)| *told == id);
        match (told.count(), device.is_quiet) {
            (1, _) | (0, true) => Ok(()),
            (count, _) => Err(format!(
                "a message {after} ms after a connect was told {count} times within {TOLD_MS} ms"
            )),
        }
    }
}

fn rt_now(run: &Run) -> i64 {
    use openim_web::rt::Runtime;
    run.world.rt.now_ms()
}
