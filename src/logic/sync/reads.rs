//! READ POSITIONS and maxima of conversations, from the server (1006, sync.md §2.7).
use std::ops::RangeInclusive;
use std::rc::Rc;

use super::SYNC_WAIT_MS;
use crate::api::error::Result;
use crate::logic::Session;
use crate::logic::changes::Changes;
use crate::logic::message::receive;
use crate::net::NetError;
use crate::net::wire::{pb, req};
use crate::rt::map::Map;

/// An answer to 1006, and what of the positions that may have been set back was known when it was asked.
pub(super) struct Reads {
    seqs: Vec<pb::Entry<pb::Seqs>>,
    before: Map<String, i64>,
}

impl Session {
    pub(super) async fn ask_reads(
        &self,
        conversation_ids: Vec<String>,
    ) -> std::result::Result<Reads, NetError> {
        let before = self.doubtful_positions();
        let ask = pb::GetConversationsHasReadAndMaxSeqReq {
            user_id: self.me.clone(),
            conversation_ids,
            return_pinned: false,
        };
        let operation = self.operation_id();
        let answer: pb::GetConversationsHasReadAndMaxSeqResp = self
            .conn
            .request(req::GET_READ_AND_MAX_SEQ, &operation, &ask, SYNC_WAIT_MS)
            .await?;
        Ok(Reads {
            seqs: answer.seqs,
            before,
        })
    }

    /// Positions that a clear may have set back, as they are known now.
    fn doubtful_positions(&self) -> Map<String, i64> {
        let state = self.state.borrow();
        let held = |id: &String| {
            let channel = state.channels.get(id);
            channel.map_or(0, |channel| channel.align.has_read_seq)
        };
        let anew = self.read_anew.borrow();
        anew.iter().map(|id| (id.clone(), held(id))).collect()
    }

    /// Read positions and newest seqs of some conversations.
    pub(crate) async fn refresh_seqs(self: &Rc<Self>, conversation_ids: &[String]) -> Result<()> {
        let reads = self.ask_reads(conversation_ids.to_vec()).await?;
        let mut changes = self.changes().await;
        self.take_reads(&mut changes, reads).await?;
        changes.commit().await
    }

    /// Positions and maxima. The maximum is that of a member; after leaving it is frozen. A position only
    /// grows, but where a clear may have set it back and nothing raised it since the question.
    pub(super) async fn take_reads(&self, changes: &mut Changes<'_>, reads: Reads) -> Result<()> {
        for pb::Entry { key: id, value } in reads.seqs {
            // An ID that the server does not know is answered as well.
            if value.max_seq == 0 && !self.state.borrow().channels.contains_key(&id) {
                continue;
            }
            let align = &mut changes.channel(&id).align;
            align.see_max(value.max_seq);
            let position = value.has_read_seq;
            if position >= align.has_read_seq {
                align.read_to(position);
            } else if reads.before.get(&id) == Some(&align.has_read_seq) {
                let first = align.first();
                let range = (position + 1).max(first)..=align.has_read_seq;
                let uncounted = self.uncounted(&id, range).await?;
                changes.channel(&id).align.read_back(position, uncounted);
            }
            let align = &changes.channel(&id).align;
            if align.has_read_seq < align.first() {
                self.read_anew.borrow_mut().remove(&id);
            }
        }
        Ok(())
    }

    /// Covered seqs of a range that do not count as unread.
    async fn uncounted(&self, id: &str, range: RangeInclusive<i64>) -> Result<Vec<i64>> {
        let covered = {
            let state = self.state.borrow();
            let channel = state.channels.get(id);
            let covered = channel.map(|channel| channel.align.covered.clone());
            covered
                .unwrap_or_default()
                .within(*range.start(), *range.end())
        };
        let limit = covered.count().max(0) as usize;
        let rows = self.store.messages(id, range, limit, true).await?;
        let counts = |seq: &i64| {
            let row = rows.iter().find(|row| row.seq == *seq);
            row.is_some_and(|row| receive::counts(self, row))
        };
        let seqs = covered.iter().flat_map(|(first, last)| first..=last);
        Ok(seqs.filter(|seq| !counts(seq)).collect())
    }
}
