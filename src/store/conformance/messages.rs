//! Cases about messages: pages, runs, changes, uniqueness.
use super::*;

fn replace(conversation: &str, rows: Vec<MessageRow>) -> Write {
    Write::ReplaceMessages {
        conversation_id: conversation.to_owned(),
        rows,
    }
}

fn delete(conversation: &str, up_to: i64) -> Write {
    Write::DeleteMessages {
        conversation_id: conversation.to_owned(),
        up_to,
    }
}

fn edited(conversation: &str, seq: i64) -> MessageRow {
    MessageRow {
        content: format!("edited {seq}, and longer than it was, so that the run grows"),
        is_read: true,
        ..message(conversation, seq)
    }
}

async fn found(store: &Rc<dyn Store>, ids: &[&str]) -> Result<Vec<(String, i64)>, String> {
    let ids: Vec<String> = ids.iter().map(|id| (*id).to_owned()).collect();
    let rows = store.messages_by_id(&ids).await;
    let rows = rows.map_err(|error| format!("messages_by_id: {error:?}"))?;
    Ok(rows.into_iter().map(|(c, row)| (c, row.seq)).collect())
}

pub(super) async fn pages_from_both_ends(stores: &dyn Stores, name: &str) -> Checked {
    let store = open(stores, name).await?;
    same!(page(&store, "c", 1..=i64::MAX, 20, true).await?, [0; 0]);
    apply(&store, vec![insert("c", 1..=1000)]).await?;
    let upto = |last: i64, count: i64| (last - count + 1..=last).collect::<Vec<_>>();
    same!(page(&store, "c", 1..=1000, 20, true).await?, upto(1000, 20));
    same!(
        page(&store, "c", 1..=i64::MAX, 20, true).await?,
        upto(1000, 20)
    );
    same!(
        page(&store, "c", i64::MIN..=i64::MAX, 20, false).await?,
        upto(20, 20)
    );
    for last in [
        1, 2, 19, 20, 127, 128, 129, 255, 256, 257, 500, 895, 896, 897, 999,
    ] {
        let count = last.min(20);
        same!(
            page(&store, "c", 1..=last, 20, true).await?,
            upto(last, count)
        );
        same!(
            page(&store, "c", last..=1000, 20, false).await?,
            upto((last + 19).min(1000), 20.min(1001 - last))
        );
        same!(page(&store, "c", last..=last, 20, true).await?, [last]);
        same!(page(&store, "c", last..=last, 20, false).await?, [last]);
    }
    same!(page(&store, "c", 300..=310, 5, true).await?, upto(310, 5));
    same!(page(&store, "c", 300..=310, 5, false).await?, upto(304, 5));
    same!(
        page(&store, "c", 300..=310, 50, false).await?,
        upto(310, 11)
    );
    same!(
        page(&store, "c", 1..=1000, 1000, true).await?,
        upto(1000, 1000)
    );
    same!(
        page(&store, "c", 1..=1000, usize::MAX, false).await?,
        upto(1000, 1000)
    );
    same!(
        page(&store, "c", 1..=1000, usize::MAX, true).await?,
        upto(1000, 1000)
    );
    same!(page(&store, "c", 1..=1000, 0, true).await?, [0; 0]);
    same!(page(&store, "c", 1..=1000, 0, false).await?, [0; 0]);
    same!(page(&store, "c", 1001..=2000, 9, true).await?, [0; 0]);
    // A range that is empty by its ends, as arithmetic on seqs may give.
    let (first, last) = (9, 3);
    same!(page(&store, "c", first..=last, 9, true).await?, [0; 0]);
    let rows = store.messages("c", 500..=501, 9, false).await;
    same!(rows, Ok(vec![message("c", 500), message("c", 501)]));
    Ok(())
}

pub(super) async fn pages_over_holes(stores: &dyn Stores, name: &str) -> Checked {
    let store = open(stores, name).await?;
    // Every third seq, a far stretch, one alone at the end.
    let seqs: Vec<i64> = (1..=300)
        .filter(|seq| seq % 3 == 0)
        .chain(5_000..=5_200)
        .chain([9_000_000])
        .collect();
    apply(&store, vec![insert("c", seqs.clone())]).await?;
    for (first, last) in [
        (1, i64::MAX),
        (1, 9_000_000),
        (1, 5_100),
        (1, 4_000),
        (100, 200),
        (299, 5_000),
        (301, 4_999),
        (5_201, 8_999_999),
    ] {
        let inside: Vec<i64> = seqs
            .iter()
            .copied()
            .filter(|seq| (first..=last).contains(seq))
            .collect();
        for limit in [1, 2, 20, 130, 1000] {
            let newest = &inside[inside.len().saturating_sub(limit)..];
            let oldest = &inside[..inside.len().min(limit)];
            same!(page(&store, "c", first..=last, limit, true).await?, newest);
            same!(page(&store, "c", first..=last, limit, false).await?, oldest);
        }
    }
    // A hole is filled later, below and between what is held.
    apply(&store, vec![insert("c", [1, 2, 4])]).await?;
    apply(&store, vec![insert("c", 4_900..=4_999)]).await?;
    same!(
        page(&store, "c", 1..=9, 20, true).await?,
        [1, 2, 3, 4, 6, 9]
    );
    same!(
        page(&store, "c", 4_890..=5_001, 4, true).await?,
        [4_998, 4_999, 5_000, 5_001]
    );
    Ok(())
}

pub(super) async fn conversations_are_apart(stores: &dyn Stores, name: &str) -> Checked {
    let store = open(stores, name).await?;
    // IDs that contain each other, and characters that keys are made of elsewhere.
    let ids = ["si_a_b", "si_a_b_c", "sg_1\t\0'\",]🙂\u{ffff}", "si_a", ""];
    for first in (1..=300).step_by(10) {
        let writes = ids.map(|id| insert(id, first..first + 10));
        apply(&store, writes.to_vec()).await?;
    }
    apply(&store, vec![delete(ids[1], 300), delete(ids[2], 150)]).await?;
    apply(&store, vec![replace(ids[0], vec![edited(ids[0], 150)])]).await?;
    let first = |id: &&str| match *id {
        "si_a_b_c" => None,
        id if id == ids[2] => Some(151),
        _ => Some(1),
    };
    for id in ids {
        let all = page(&store, id, 1..=i64::MAX, 1000, false).await?;
        same!(all.first().copied(), first(&id));
        same!(all.len() as i64, first(&id).map_or(0, |first| 301 - first));
        let at = store.messages(id, 150..=150, 1, true).await;
        let expected = match id {
            "si_a_b" => vec![edited(id, 150)],
            "si_a" | "" => vec![message(id, 150)],
            _ => vec![],
        };
        same!(at, Ok(expected));
    }
    Ok(())
}

pub(super) async fn by_id(stores: &dyn Stores, name: &str) -> Checked {
    let store = open(stores, name).await?;
    apply(&store, vec![insert("a", 1..=200), insert("b", [7])]).await?;
    let loose = MessageRow {
        client_msg_id: "draft".into(),
        ..message("b", 0)
    };
    let loose_copy = MessageRow {
        client_msg_id: "a#5".into(),
        content: "loose".into(),
        ..message("b", 0)
    };
    for row in [loose, loose_copy] {
        apply(
            &store,
            vec![Write::PutLoose {
                conversation_id: "b".into(),
                row,
            }],
        )
        .await?;
    }
    let of = |c: &str, seq: i64| (c.to_owned(), seq);
    let asked = ["b#7", "a#200", "none", "draft", "a#1", "a#5", "a#1"];
    let expected = [
        of("b", 7),
        of("a", 200),
        of("b", 0),
        of("a", 1),
        of("a", 5),
        of("a", 1),
    ];
    same!(found(&store, &asked).await?, expected);
    same!(found(&store, &[]).await?.len(), 0);
    apply(&store, vec![delete("a", 100)]).await?;
    same!(
        found(&store, &["a#100", "a#101", "a#5"]).await?,
        [of("a", 101), of("b", 0)]
    );
    // What was deleted may come again.
    apply(&store, vec![insert("a", [50])]).await?;
    same!(found(&store, &["a#50"]).await?, [of("a", 50)]);
    Ok(())
}

pub(super) async fn replacing_cuts_no_run(stores: &dyn Stores, name: &str) -> Checked {
    let store = open(stores, name).await?;
    apply(&store, vec![insert("c", 1..=400)]).await?;
    let seqs = [1, 2, 64, 127, 128, 129, 130, 256, 257, 300, 399, 400];
    let mut rows: Vec<MessageRow> = seqs.iter().map(|seq| edited("c", *seq)).collect();
    rows.insert(3, edited("c", 401));
    rows.push(edited("c", 5_000));
    apply(
        &store,
        vec![replace("c", rows), replace("none", vec![edited("none", 3)])],
    )
    .await?;
    let all = store.messages("c", 1..=i64::MAX, 1000, false).await;
    let expected = (1..=400).map(|seq| {
        if seqs.contains(&seq) {
            edited("c", seq)
        } else {
            message("c", seq)
        }
    });
    same!(all, Ok(expected.collect()));
    same!(page(&store, "none", 1..=9, 9, true).await?, [0; 0]);
    // The last one wins; not in order of seq.
    let again = MessageRow {
        content: "again".into(),
        ..message("c", 64)
    };
    apply(
        &store,
        vec![replace(
            "c",
            vec![edited("c", 70), edited("c", 64), again.clone()],
        )],
    )
    .await?;
    same!(store.messages("c", 64..=64, 1, true).await, Ok(vec![again]));
    same!(
        found(&store, &["c#64", "c#63"]).await?,
        [("c".to_owned(), 64), ("c".to_owned(), 63)]
    );
    Ok(())
}

pub(super) async fn deleting_cuts_through_runs(stores: &dyn Stores, name: &str) -> Checked {
    let store = open(stores, name).await?;
    apply(
        &store,
        vec![insert("c", (1..=400).filter(|seq| *seq != 200))],
    )
    .await?;
    for up_to in [0, 1, 5, 127, 128, 130, 199, 200, 201, 399] {
        apply(&store, vec![delete("c", up_to)]).await?;
        let left: Vec<i64> = (up_to + 1..=400).filter(|seq| *seq != 200).collect();
        same!(page(&store, "c", 1..=i64::MAX, 1000, false).await?, left);
        same!(page(&store, "c", 1..=i64::MAX, 1, true).await?, [400]);
        let gone = format!("c#{up_to}");
        same!(found(&store, &[&gone]).await?.len(), 0);
    }
    apply(&store, vec![delete("c", i64::MAX)]).await?;
    same!(page(&store, "c", 1..=i64::MAX, 9, true).await?, [0; 0]);
    apply(&store, vec![insert("c", 1..=3)]).await?;
    same!(page(&store, "c", 1..=i64::MAX, 9, true).await?, [1, 2, 3]);
    Ok(())
}

pub(super) async fn writes_apply_in_order(stores: &dyn Stores, name: &str) -> Checked {
    let store = open(stores, name).await?;
    apply(&store, vec![insert("c", 1..=10)]).await?;
    // What one write adds, the next one changes and cuts.
    let writes = vec![
        insert("c", 11..=20),
        replace("c", vec![edited("c", 15), edited("c", 4)]),
        delete("c", 13),
        replace("c", vec![edited("c", 16), edited("c", 2)]),
    ];
    apply(&store, writes).await?;
    let all = store.messages("c", 1..=i64::MAX, 99, true).await;
    let expected = (14..=20).map(|seq| {
        if seq == 15 || seq == 16 {
            edited("c", seq)
        } else {
            message("c", seq)
        }
    });
    same!(all, Ok(expected.collect()));
    // A changed run that is then deleted stays deleted; its seqs and IDs are free in the same transaction.
    let writes = vec![
        replace("c", vec![edited("c", 20)]),
        delete("c", 20),
        insert("c", 18..=19),
    ];
    apply(&store, writes).await?;
    same!(
        store.messages("c", 1..=99, 99, true).await,
        Ok(vec![message("c", 18), message("c", 19)])
    );
    let writes = vec![
        insert("d", 1..=3),
        delete("d", 3),
        insert("d", 3..=4),
        delete("d", 3),
        replace("d", vec![edited("d", 4)]),
    ];
    apply(&store, writes).await?;
    same!(
        store.messages("d", 1..=99, 99, true).await,
        Ok(vec![edited("d", 4)])
    );
    Ok(())
}

pub(super) async fn a_held_seq_or_id_is_refused_whole(stores: &dyn Stores, name: &str) -> Checked {
    let store = open(stores, name).await?;
    apply(
        &store,
        vec![
            insert("c", (100..=300).filter(|seq| *seq != 250)),
            insert("d", 1..=3),
        ],
    )
    .await?;
    let other = |seq: i64| MessageRow {
        client_msg_id: format!("other {seq}"),
        ..message("c", seq)
    };
    let rows_of = |rows: Vec<MessageRow>| Write::InsertMessages {
        conversation_id: "c".into(),
        rows,
    };
    let twin = |id: &str, seq: i64| MessageRow {
        client_msg_id: id.into(),
        ..message("c", seq)
    };
    let refused = [
        rows_of(vec![other(100)]),
        rows_of(vec![other(150)]),
        rows_of(vec![other(227)]),
        rows_of(vec![other(300)]),
        rows_of((90..=100).map(other).collect()),
        rows_of((290..=310).map(other).collect()),
        rows_of((50..=500).map(other).collect()),
        rows_of(vec![other(99), other(250), other(251)]),
        rows_of(vec![twin("c#120", 400)]),
        rows_of(vec![twin("d#2", 400)]),
        rows_of(vec![other(400), twin("other 400", 401)]),
        rows_of(vec![other(400), twin("other 400", 9_000)]),
    ];
    for write in refused {
        let shown = format!("{write:?}");
        let writes = vec![insert("e", 1..=2), write, insert("e", 3..=4)];
        let applied = store.apply(writes, Durability::Relaxed).await;
        if applied != Err(StoreError::Duplicate) {
            return Err(format!("{applied:?} for {shown}"));
        }
        same!(page(&store, "e", 1..=9, 9, true).await?, [0; 0]);
    }
    let twice = vec![insert("c", 400..=410), rows_of(vec![other(405)])];
    same!(
        store.apply(twice, Durability::Relaxed).await,
        Err(StoreError::Duplicate)
    );
    let all: Vec<i64> = (100..=300).filter(|seq| *seq != 250).collect();
    same!(page(&store, "c", 1..=i64::MAX, 1000, false).await?, all);
    // The store is as good as before.
    apply(&store, vec![insert("c", [99, 250, 301])]).await?;
    same!(page(&store, "c", 249..=301, 1000, true).await?.len(), 53);
    Ok(())
}

pub(super) async fn loose_ones(stores: &dyn Stores, name: &str) -> Checked {
    let store = open(stores, name).await?;
    let loose = |id: &str, text: &str| MessageRow {
        client_msg_id: id.into(),
        content: text.into(),
        ..Default::default()
    };
    let put = |c: &str, row: MessageRow| Write::PutLoose {
        conversation_id: c.into(),
        row,
    };
    let writes = vec![
        put("c", loose("z", "1")),
        put("c", loose("b", "1")),
        put("c\0", loose("x", "1")),
        put("cd", loose("y", "1")),
    ];
    apply(&store, writes).await?;
    apply(&store, vec![put("c", loose("z", "2"))]).await?;
    same!(
        store.loose("c").await,
        Ok(vec![loose("b", "1"), loose("z", "2")])
    );
    same!(store.loose("c\0").await, Ok(vec![loose("x", "1")]));
    // Its own copy from the server may come while the loose one is there, and in one transaction.
    let copy = MessageRow {
        seq: 1,
        ..loose("z", "server")
    };
    let arrived = vec![
        Write::InsertMessages {
            conversation_id: "c".into(),
            rows: vec![copy.clone()],
        },
        Write::DeleteLoose {
            conversation_id: "c".into(),
            client_msg_id: "b".into(),
        },
        Write::DeleteLoose {
            conversation_id: "c".into(),
            client_msg_id: "none".into(),
        },
    ];
    apply(&store, arrived).await?;
    same!(store.loose("c").await, Ok(vec![loose("z", "2")]));
    same!(
        store.messages_by_id(&["z".into()]).await,
        Ok(vec![("c".to_owned(), copy)])
    );
    apply(
        &store,
        vec![Write::ClearLoose {
            conversation_id: "c".into(),
        }],
    )
    .await?;
    same!(store.loose("c").await, Ok(vec![]));
    same!(store.loose("cd").await, Ok(vec![loose("y", "1")]));
    same!(store.loose("c\0").await, Ok(vec![loose("x", "1")]));
    same!(page(&store, "c", 1..=9, 9, true).await?, [1]);
    Ok(())
}

/// Long enough that a store that gathers single messages into runs does so several times.
pub(super) async fn many_pushes_one_by_one(stores: &dyn Stores, name: &str) -> Checked {
    let store = open(stores, name).await?;
    for seq in 1..=300 {
        let mut writes = vec![insert("c", [seq])];
        if seq % 100 == 50 {
            writes.push(delete("c", seq - 20));
        }
        if seq % 7 == 0 {
            writes.push(replace("c", vec![edited("c", seq - 5), edited("c", seq)]));
        }
        if seq % 2 == 0 {
            writes.push(insert("d", [seq]));
        }
        apply(&store, writes).await?;
    }
    let expected = |seq: i64| {
        let touched = (seq % 7 == 0) || (seq % 7 == 2 && seq + 5 <= 300);
        if touched {
            edited("c", seq)
        } else {
            message("c", seq)
        }
    };
    let all = store.messages("c", 1..=i64::MAX, 1000, true).await;
    same!(all, Ok((231..=300).map(expected).collect()));
    same!(
        page(&store, "d", 1..=i64::MAX, 1000, false).await?.len(),
        150
    );
    same!(found(&store, &["c#299", "d#2"]).await?.len(), 2);
    Ok(())
}

/// Transactions asked for at the same time change the same run: none undoes another.
pub(super) async fn concurrent_changes_of_one_run(stores: &dyn Stores, name: &str) -> Checked {
    let store = open(stores, name).await?;
    for seq in 1..=63 {
        apply(&store, vec![insert("c", [seq])]).await?;
    }
    let changes = (1..=63).map(|seq| apply(&store, vec![replace("c", vec![edited("c", seq)])]));
    let push = apply(&store, vec![insert("c", [64])]);
    let cut = apply(&store, vec![delete("c", 10)]);
    let (pushed, changed, cut) =
        futures_util::join!(push, futures_util::future::join_all(changes), cut);
    pushed?;
    cut?;
    changed.into_iter().collect::<Checked>()?;
    let mut expected: Vec<MessageRow> = (11..=63).map(|seq| edited("c", seq)).collect();
    expected.push(message("c", 64));
    same!(store.messages("c", 1..=99, 99, true).await, Ok(expected));
    Ok(())
}
