//! Random writes and reads, compared with the store in memory.
use super::*;

const CONVERSATIONS: [&str; 3] = ["si_a_b", "sg_9", "sn_🙂"];

/// Small and repeatable.
struct Random(u64);

impl Random {
    /// 0 to `bound` - 1.
    fn below(&mut self, bound: i64) -> i64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) % bound as u64) as i64
    }

    fn conversation(&mut self) -> &'static str {
        CONVERSATIONS[self.below(3) as usize]
    }

    /// Seqs of a stretch; now and then with a hole, now and then with somebody else's ID.
    fn rows(&mut self, conversation: &str) -> Vec<MessageRow> {
        let first = 1 + self.below(900);
        let length = [1, 1, 1, 5, 40, 300][self.below(6) as usize];
        let hole = self.below(4);
        let mut rows: Vec<MessageRow> = (first..first + length)
            .filter(|seq| hole != 0 || seq % 9 != 4)
            .map(|seq| message(conversation, seq))
            .collect();
        if self.below(8) == 0
            && let Some(row) = rows.last_mut()
        {
            row.client_msg_id = format!("{}#{}", self.conversation(), 1 + self.below(900));
        }
        rows
    }

    fn write(&mut self) -> Write {
        let conversation_id = self.conversation().to_owned();
        let key = format!("k{}", self.below(30));
        match self.below(12) {
            0..=4 => {
                let rows = self.rows(&conversation_id);
                Write::InsertMessages {
                    conversation_id,
                    rows,
                }
            }
            5 | 6 => {
                let mut rows = self.rows(&conversation_id);
                for row in &mut rows {
                    // The contract: a replaced message keeps its clientMsgID.
                    row.client_msg_id = format!("{conversation_id}#{}", row.seq);
                    row.content = format!("edited {}", self.below(1000));
                }
                Write::ReplaceMessages {
                    conversation_id,
                    rows,
                }
            }
            7 => Write::DeleteMessages {
                conversation_id,
                up_to: self.below(500),
            },
            8 => Write::Put {
                table: Table::Meta,
                key,
                value: vec![self.below(256) as u8; 3],
            },
            9 => Write::DeletePrefix {
                table: Table::Meta,
                prefix: key,
            },
            10 => Write::PutLoose {
                conversation_id,
                row: MessageRow {
                    client_msg_id: key,
                    ..message("loose", 0)
                },
            },
            _ => Write::DeleteLoose {
                conversation_id,
                client_msg_id: key,
            },
        }
    }
}

/// Random transactions, and what a store holds after them.
pub struct Transactions {
    random: Random,
    model: Rc<dyn Store>,
}

impl Transactions {
    /// The same seed gives the same transactions.
    pub async fn new(seed: u64) -> Result<Self, String> {
        Ok(Self {
            random: Random(seed),
            model: model().await?,
        })
    }

    /// The next one; some are to be refused. It is not applied to the model yet.
    pub async fn next(&mut self) -> Result<Vec<Write>, String> {
        // A change of a message that this very transaction inserts would need its ID too.
        let count = 1 + self.random.below(3);
        let mut writes: Vec<Write> = (0..count).map(|_| self.random.write()).collect();
        if writes
            .iter()
            .any(|write| matches!(write, Write::InsertMessages { .. }))
        {
            writes.retain(|write| !matches!(write, Write::ReplaceMessages { .. }));
        }
        with_held_ids(&self.model, &mut writes).await?;
        Ok(writes)
    }

    /// Applies one to the model, as the store should.
    pub async fn apply(&self, writes: Vec<Write>) -> Result<(), StoreError> {
        self.model.apply(writes, Durability::Relaxed).await
    }

    /// Checks that a store holds exactly what the model does.
    pub async fn check(&self, store: &Rc<dyn Store>) -> Result<(), String> {
        let model = &self.model;
        for conversation in CONVERSATIONS {
            same!(
                store
                    .messages(conversation, 0..=i64::MAX, 9_999, true)
                    .await,
                model
                    .messages(conversation, 0..=i64::MAX, 9_999, true)
                    .await
            );
            same!(
                store.loose(conversation).await,
                model.loose(conversation).await
            );
        }
        same!(
            store.rows(Table::Meta, "").await,
            model.rows(Table::Meta, "").await
        );
        Ok(())
    }
}

/// A replaced row keeps the clientMsgID it has in the store.
async fn with_held_ids(model: &Rc<dyn Store>, writes: &mut [Write]) -> Checked {
    for write in writes {
        let Write::ReplaceMessages {
            conversation_id,
            rows,
        } = write
        else {
            continue;
        };
        let mut kept = Vec::new();
        for row in rows.drain(..) {
            let held = model
                .messages(conversation_id, row.seq..=row.seq, 1, true)
                .await;
            let held = held.map_err(|error| format!("{error:?}"))?.pop();
            let id = held.map_or(row.client_msg_id.clone(), |held| held.client_msg_id);
            kept.push(MessageRow {
                client_msg_id: id,
                ..row
            });
        }
        *rows = kept;
    }
    Ok(())
}

pub(super) async fn does_what_the_model_does(stores: &dyn Stores, name: &str) -> Checked {
    for seed in 1..=6u64 {
        compare(stores, &format!("{name} {seed}"), seed)
            .await
            .map_err(|error| format!("seed {seed}: {error}"))?;
    }
    Ok(())
}

async fn compare(stores: &dyn Stores, name: &str, seed: u64) -> Checked {
    let mut transactions = Transactions::new(seed).await?;
    let model = transactions.model.clone();
    let mut store = open(stores, name).await?;
    let (mut applied, mut refused) = (0, 0);
    for step in 0..150 {
        let writes = transactions.next().await?;
        let expected = transactions.apply(writes.clone()).await;
        let result = store.apply(writes.clone(), Durability::Relaxed).await;
        if result != expected {
            return Err(format!(
                "step {step}: {result:?} is not {expected:?} for {}",
                shown(&writes)
            ));
        }
        match expected {
            Ok(()) => applied += 1,
            Err(_) => refused += 1,
        }
        if step % 40 == 39 {
            store.close().await;
            store = open(stores, name).await?;
        }
        reads(&mut transactions.random, &model, &store)
            .await
            .map_err(|error| format!("step {step}: {error} after {}", shown(&writes)))?;
    }
    // Seeds are of use only if both outcomes are met.
    same!((applied > 60, refused > 5), (true, true));
    Ok(())
}

fn shown(writes: &[Write]) -> String {
    let shown = writes.iter().map(|write| match write {
        Write::InsertMessages {
            conversation_id,
            rows,
        } => {
            let seqs: Vec<i64> = rows.iter().map(|row| row.seq).collect();
            format!("insert {conversation_id} {seqs:?}")
        }
        Write::ReplaceMessages {
            conversation_id,
            rows,
        } => format!("replace {conversation_id} {}", rows.len()),
        other => format!("{other:?}"),
    });
    shown.collect::<Vec<_>>().join("; ")
}

async fn reads(random: &mut Random, model: &Rc<dyn Store>, store: &Rc<dyn Store>) -> Checked {
    let conversation = random.conversation();
    let first = random.below(1000) - 50;
    let last = [first + random.below(600), i64::MAX][random.below(2) as usize];
    let limit = [1, 20, 150, 2000][random.below(4) as usize];
    let newest = random.below(2) == 0;
    let found = store
        .messages(conversation, first..=last, limit, newest)
        .await;
    let expected = model
        .messages(conversation, first..=last, limit, newest)
        .await;
    if found != expected {
        let seqs = |rows: Result<Vec<MessageRow>, StoreError>| {
            rows.map(|rows| rows.iter().map(|r| r.seq).collect::<Vec<_>>())
        };
        let (found, expected) = (seqs(found), seqs(expected));
        return Err(format!(
            "{conversation} {first}..={last} {limit} {newest}: {found:?} is not {expected:?}"
        ));
    }
    let ids: Vec<String> = (0..5)
        .map(|_| format!("{}#{}", random.conversation(), random.below(950)))
        .collect();
    same!(
        store.messages_by_id(&ids).await,
        model.messages_by_id(&ids).await
    );
    let prefix = format!("k{}", random.below(4));
    same!(
        store.rows(Table::Meta, &prefix).await,
        model.rows(Table::Meta, &prefix).await
    );
    same!(
        store.loose(conversation).await,
        model.loose(conversation).await
    );
    Ok(())
}
