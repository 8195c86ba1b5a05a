//! THE INDEXEDDB SCHEMA. One database per server and user.
//!
//! Messages lie in blocks: a run of consecutive seqs under the key of its **last** seq, so that a page
//! that ends at seq x is one `getAll` from `[conversation, x - n + 1]`, and storing pulled history costs a
//! put per block, not per message (toolchain figures: rows with an ID index 5,100 messages a second,
//! blocks with a multi-entry ID index 62,000, a lookup by ID 0.6 ms either way).
//!
//! | store | key | value |
//! |---|---|---|
//! | `rows` | `[table number, key]` | bytes of the row |
//! | `blocks` | `[conversationID, last seq]` | `{c: conversationID, s: last seq, ids: [clientMsgID …], b: bytes}` |
//! | `loose` | `[conversationID, clientMsgID]` | `{c, id: clientMsgID, b}` |
//! | `fence` | the writer's number | `{only: 1}`, under a unique index: there is room for one writer |

/// Version of the schema; each step from one to the next is in `idb/open.rs`.
pub const VERSION: u32 = 2;
/// Small rows.
pub const ROWS: &str = "rows";
/// Messages with a seq.
pub const BLOCKS: &str = "blocks";
/// Unique, multi-entry: clientMsgIDs of a block.
pub const BLOCK_IDS: &str = "ids";
/// Messages without a seq.
pub const LOOSE: &str = "loose";
/// By clientMsgID.
pub const LOOSE_ID: &str = "id";
/// Who may write. A writer puts its own entry at the head of every transaction: where another has taken
/// the place the unique index refuses it, and with it the transaction. No answer has to be waited for.
pub const FENCE: &str = "fence";
/// Unique; the same in all entries.
pub const FENCE_ONLY: &str = "only";
/// Most messages of a block.
pub const BLOCK_MAX: usize = 128;
/// So many blocks of one in a row become one block.
pub const MERGE_AT: usize = 64;
