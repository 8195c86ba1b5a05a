//! What every `Store` must do: cases run over any `Stores`, natively and in the browser.
//!
//! A case opens databases whose names begin with a tag of its own, so that cases do not meet.
use std::rc::Rc;

use super::memory::MemoryStores;
use super::{Durability, MessageRow, Store, StoreError, Stores, Table, Write};

mod messages;
mod random;
pub use random::Transactions;

/// What a case found wrong.
pub(crate) type Checked = Result<(), String>;

/// Says where two values differ.
macro_rules! same {
    ($left:expr, $right:expr) => {{
        let (left, right) = (&$left, &$right);
        if left != right {
            let place = concat!(file!(), ":", line!());
            return Err(format!("{place}: {left:?} is not {right:?}"));
        }
    }};
}
pub(crate) use same;

/// Runs every case; each with its name.
pub async fn run(stores: &dyn Stores, tag: &str) -> Vec<(&'static str, Checked)> {
    let mut results = Vec::new();
    macro_rules! cases {
        ($($module:ident::$case:ident)*) => {$(
            let name = format!("{tag} {}", stringify!($case));
            results.push((stringify!($case), $module::$case(stores, &name).await));
        )*};
    }
    cases! {
        rows::are_found_by_key_and_prefix
        rows::keys_of_odd_characters_are_apart
        rows::all_writes_of_a_transaction_or_none
        rows::survive_closing
        rows::a_closed_store_says_so
        messages::pages_from_both_ends
        messages::pages_over_holes
        messages::conversations_are_apart
        messages::by_id
        messages::replacing_cuts_no_run
        messages::deleting_cuts_through_runs
        messages::writes_apply_in_order
        messages::a_held_seq_or_id_is_refused_whole
        messages::loose_ones
        messages::many_pushes_one_by_one
        messages::concurrent_changes_of_one_run
        random::does_what_the_model_does
    }
    results
}

/// A message that is told from others by every part that matters here.
pub(crate) fn message(conversation: &str, seq: i64) -> MessageRow {
    MessageRow {
        client_msg_id: format!("{conversation}#{seq}"),
        seq,
        content: format!("{{\"content\":\"{seq} in {conversation}\"}}"),
        send_time: 1_700_000_000_000 + seq,
        ..Default::default()
    }
}

/// Messages of a range of seqs.
pub(crate) fn insert(conversation: &str, seqs: impl IntoIterator<Item = i64>) -> Write {
    let rows = seqs.into_iter().map(|seq| message(conversation, seq));
    Write::InsertMessages {
        conversation_id: conversation.to_owned(),
        rows: rows.collect(),
    }
}

/// One relaxed transaction.
pub(crate) async fn apply(store: &Rc<dyn Store>, writes: Vec<Write>) -> Checked {
    let applied = store.apply(writes, Durability::Relaxed).await;
    applied.map_err(|error| format!("apply: {error:?}"))
}

/// The seqs of a page.
pub(crate) async fn page(
    store: &Rc<dyn Store>,
    conversation: &str,
    range: std::ops::RangeInclusive<i64>,
    limit: usize,
    newest: bool,
) -> Result<Vec<i64>, String> {
    let rows = store.messages(conversation, range, limit, newest).await;
    let rows = rows.map_err(|error| format!("messages: {error:?}"))?;
    Ok(rows.iter().map(|row| row.seq).collect())
}

/// Opens a database.
pub(crate) async fn open(stores: &dyn Stores, name: &str) -> Result<Rc<dyn Store>, String> {
    let opened = stores.open(name).await;
    opened.map_err(|error| format!("open: {error:?}"))
}

/// Cases about small rows and transactions.
mod rows {
    use super::*;

    fn put(table: Table, key: &str, value: &str) -> Write {
        Write::Put {
            table,
            key: key.to_owned(),
            value: value.as_bytes().to_vec(),
        }
    }

    async fn keys(
        store: &Rc<dyn Store>,
        table: Table,
        prefix: &str,
    ) -> Result<Vec<String>, String> {
        let rows = store.rows(table, prefix).await;
        let mut keys = Vec::new();
        for (key, value) in rows.map_err(|error| format!("rows: {error:?}"))? {
            if value != key.as_bytes() {
                return Err(format!("the value of {key:?} is {value:?}"));
            }
            keys.push(key);
        }
        Ok(keys)
    }

    pub(super) async fn are_found_by_key_and_prefix(stores: &dyn Stores, name: &str) -> Checked {
        let store = open(stores, name).await?;
        let names = ["a", "a\tb", "a\tc", "ab", "b", ""];
        let puts = names.map(|key| put(Table::Members, key, key));
        apply(&store, puts.to_vec()).await?;
        let others = vec![
            put(Table::Groups, "a", "a"),
            put(Table::Users, "a\tz", "a\tz"),
        ];
        apply(&store, others).await?;
        same!(keys(&store, Table::Members, "a\t").await?, ["a\tb", "a\tc"]);
        let all = keys(&store, Table::Members, "").await?;
        same!(all, ["", "a", "a\tb", "a\tc", "ab", "b"]);
        same!(
            store.row(Table::Members, "ab").await,
            Ok(Some(b"ab".to_vec()))
        );
        same!(store.row(Table::Members, "abc").await, Ok(None));
        same!(store.row(Table::Meta, "ab").await, Ok(None));
        let gone = vec![
            Write::DeletePrefix {
                table: Table::Members,
                prefix: "a\t".into(),
            },
            Write::Delete {
                table: Table::Members,
                key: "b".into(),
            },
            Write::Delete {
                table: Table::Members,
                key: "no such".into(),
            },
        ];
        apply(&store, gone).await?;
        same!(keys(&store, Table::Members, "").await?, ["", "a", "ab"]);
        same!(keys(&store, Table::Groups, "").await?, ["a"]);
        same!(keys(&store, Table::Users, "a\t").await?, ["a\tz"]);
        let cleared = Write::DeletePrefix {
            table: Table::Members,
            prefix: String::new(),
        };
        apply(&store, vec![cleared]).await?;
        same!(keys(&store, Table::Members, "").await?, [""; 0]);
        same!(keys(&store, Table::Users, "").await?, ["a\tz"]);
        Ok(())
    }

    pub(super) async fn keys_of_odd_characters_are_apart(
        stores: &dyn Stores,
        name: &str,
    ) -> Checked {
        let store = open(stores, name).await?;
        let odd = [
            "\0",
            "a\0b",
            "a",
            "a ",
            "A",
            "ä",
            "a\u{308}",
            "\u{feff}",
            "\u{ffff}",
            "\u{ffff}x",
            "🙂",
            "🙂\u{ffff}",
            "x\u{ffff}",
            "x\u{ffff}y",
            "x🙂",
            "'\"`\\",
            "[1,\"a\"]",
            "%00",
            "\u{202e}",
            "1",
            "01",
        ];
        let puts = odd.map(|key| put(Table::Meta, key, key));
        apply(&store, puts.to_vec()).await?;
        for key in odd {
            same!(
                store.row(Table::Meta, key).await,
                Ok(Some(key.as_bytes().to_vec()))
            );
        }
        for prefix in ["", "a", "🙂", "x", "\u{ffff}", "x\u{ffff}", "\0", "no"] {
            let mut expected: Vec<&str> = odd
                .into_iter()
                .filter(|key| key.starts_with(prefix))
                .collect();
            let mut found = keys(&store, Table::Meta, prefix).await?;
            // Bytes and UTF-16 units sort alike up to U+FFFF only; a store may do either.
            expected.sort_unstable();
            found.sort_unstable();
            same!(found, expected);
        }
        let some = Write::DeletePrefix {
            table: Table::Meta,
            prefix: "x\u{ffff}".into(),
        };
        apply(&store, vec![some]).await?;
        same!(keys(&store, Table::Meta, "x").await?, ["x🙂"]);
        Ok(())
    }

    pub(super) async fn all_writes_of_a_transaction_or_none(
        stores: &dyn Stores,
        name: &str,
    ) -> Checked {
        let store = open(stores, name).await?;
        let both = vec![
            put(Table::Meta, "k", "old"),
            put(Table::Meta, "k", "new"),
            put(Table::Meta, "gone", "x"),
            Write::Delete {
                table: Table::Meta,
                key: "gone".into(),
            },
            Write::DeletePrefix {
                table: Table::Meta,
                prefix: "z".into(),
            },
            put(Table::Meta, "z", "kept"),
        ];
        apply(&store, both).await?;
        same!(store.row(Table::Meta, "k").await, Ok(Some(b"new".to_vec())));
        same!(store.row(Table::Meta, "gone").await, Ok(None));
        same!(
            store.row(Table::Meta, "z").await,
            Ok(Some(b"kept".to_vec()))
        );
        apply(&store, vec![insert("c", 1..=3)]).await?;
        let refused = vec![
            put(Table::Meta, "k", "newest"),
            Write::DeletePrefix {
                table: Table::Meta,
                prefix: "z".into(),
            },
            insert("c", 3..=4),
            put(Table::Meta, "after", "x"),
        ];
        same!(
            store.apply(refused, Durability::Strict).await,
            Err(StoreError::Duplicate)
        );
        same!(store.row(Table::Meta, "k").await, Ok(Some(b"new".to_vec())));
        same!(
            store.row(Table::Meta, "z").await,
            Ok(Some(b"kept".to_vec()))
        );
        same!(store.row(Table::Meta, "after").await, Ok(None));
        same!(store.apply(Vec::new(), Durability::Strict).await, Ok(()));
        Ok(())
    }

    pub(super) async fn survive_closing(stores: &dyn Stores, name: &str) -> Checked {
        let store = open(stores, name).await?;
        let writes = vec![
            put(Table::Meta, "k", "v"),
            put(Table::Conversations, "empty", ""),
            insert("c", 1..=200),
            Write::PutLoose {
                conversation_id: "c".into(),
                row: message("c", 0),
            },
        ];
        let strict = store.apply(writes, Durability::Strict).await;
        same!(strict, Ok(()));
        store.close().await;
        let other = open(stores, &format!("{name} other")).await?;
        same!(other.row(Table::Meta, "k").await, Ok(None));
        let store = open(stores, name).await?;
        same!(store.row(Table::Meta, "k").await, Ok(Some(b"v".to_vec())));
        same!(
            store.row(Table::Conversations, "empty").await,
            Ok(Some(Vec::new()))
        );
        same!(
            page(&store, "c", 1..=i64::MAX, 3, true).await?,
            [198, 199, 200]
        );
        same!(store.loose("c").await, Ok(vec![message("c", 0)]));
        same!(
            store
                .apply(vec![insert("c", [150])], Durability::Relaxed)
                .await,
            Err(StoreError::Duplicate)
        );
        Ok(())
    }

    pub(super) async fn a_closed_store_says_so(stores: &dyn Stores, name: &str) -> Checked {
        let store = open(stores, name).await?;
        apply(&store, vec![put(Table::Meta, "k", "v")]).await?;
        store.close().await;
        store.close().await;
        same!(store.row(Table::Meta, "k").await, Err(StoreError::Closed));
        same!(store.rows(Table::Meta, "").await, Err(StoreError::Closed));
        same!(
            store.messages("c", 1..=5, 5, true).await,
            Err(StoreError::Closed)
        );
        same!(
            store.messages_by_id(&["x".into()]).await,
            Err(StoreError::Closed)
        );
        same!(store.loose("c").await, Err(StoreError::Closed));
        let late = store
            .apply(vec![put(Table::Meta, "k", "w")], Durability::Relaxed)
            .await;
        same!(late, Err(StoreError::Closed));
        let store = open(stores, name).await?;
        same!(store.row(Table::Meta, "k").await, Ok(Some(b"v".to_vec())));
        Ok(())
    }
}

/// The model the random case compares with.
pub(crate) async fn model() -> Result<Rc<dyn Store>, String> {
    open(&MemoryStores::default(), "model").await
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;

    use super::*;

    #[test]
    fn memory_conforms() {
        let stores = MemoryStores::default();
        let results = run(&stores, "memory")
            .now_or_never()
            .expect("the store in memory never waits");
        for (name, result) in &results {
            assert_eq!(*result, Ok(()), "{name}");
        }
        assert!(results.len() > 15);
    }
}
