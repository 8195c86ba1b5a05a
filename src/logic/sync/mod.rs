//! Keeping equal with the server: what happens after a connect, in order.
//!
//! 1. `OnSyncServerStart`.
//! 2. Conversations, groups, friends by version, the newest seq of every channel (1001) and the read
//!    positions (1006), side by side; one commit.
//! 3. The pull task fetches what is missing.
//! 4. `OnSyncServerFinish`, when nothing that is wanted is open any more.
//!
//! Step 2 is a look; it is repeated by the schedule in `looks.rs`, without events.
//!
//! Whatever fails ends in `OnSyncServerFailed` and is tried again (sync.md §10, W1, W4, W5).
use std::cell::RefCell;
use std::rc::Rc;

use futures_channel::{mpsc, oneshot};
use futures_util::stream::StreamExt;

use super::{Session, ids};
use crate::api::error::{Error, Result};
use crate::api::events::{
    OnSyncServerFailed, OnSyncServerFinish, OnSyncServerProgress, OnSyncServerStart,
};
use crate::logic::changes::told;
use crate::net::NetError;
use crate::net::wire::{pb, req};
use crate::rt::Level;
use crate::rt::map::Set;
use crate::store::Table;

mod applications;
pub mod channel;
pub mod check;
pub mod lists;
pub mod looks;
pub mod members;
pub mod planner;
pub mod pull;
pub mod ranges;
mod reads;
pub mod seq;

/// The task that looks at the server looks at the clock at least this often.
const LOOK_WAIT_MS: i64 = 60_000;
/// A request of the sync may take this long.
const SYNC_WAIT_MS: u32 = 15_000;
/// Pauses between attempts of one sync; the last one repeats while the link lives.
const ATTEMPT_PAUSES_MS: [u32; 3] = [1_000, 3_000, 10_000];
/// A sync that has not finished its pulls by then is told as failed; the pulls go on.
const PULLS_WAIT_MS: u32 = 120_000;
/// Name of the `Meta` row that says that a first sync was completed.
pub(crate) const SYNCED: &str = "synced";
/// Name of the `Meta` row that says that the newest seqs were learnt once.
pub(crate) const BEGUN: &str = "begun";

/// What wakes the tasks of a session.
pub(crate) struct Signals {
    pull: RefCell<Vec<mpsc::UnboundedSender<()>>>,
    idle: RefCell<Vec<oneshot::Sender<()>>>,
    sync: RefCell<Option<mpsc::UnboundedSender<Job>>>,
    look: RefCell<Option<mpsc::UnboundedSender<Look>>>,
    /// Jobs that are tried again after a pause.
    later: RefCell<Vec<Job>>,
    lists: RefCell<Set<(lists::List, String)>>,
    viewed: RefCell<Set<String>>,
}

/// Work of the sync task.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Job {
    /// The link is up: everything, with start and finish events.
    Connected,
    /// Some lists changed.
    Lists,
}

/// Why the server is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Look {
    /// A connection stands; [`Job::Connected`] looks first.
    Connected,
    /// Something may have been missed: the app came to the front, a frame or a transaction failed.
    Owed,
}

/// What the tasks of a session wait for.
pub(crate) struct Work {
    pub(crate) jobs: mpsc::UnboundedReceiver<Job>,
    pub(crate) looks: mpsc::UnboundedReceiver<Look>,
}

impl Signals {
    pub(crate) fn new() -> (Self, Work) {
        let (sync, jobs) = mpsc::unbounded();
        let (look, looks) = mpsc::unbounded();
        let signals = Self {
            pull: RefCell::default(),
            idle: RefCell::default(),
            sync: RefCell::new(Some(sync)),
            look: RefCell::new(Some(look)),
            later: RefCell::default(),
            lists: RefCell::default(),
            viewed: RefCell::default(),
        };
        (signals, Work { jobs, looks })
    }

    /// Something may be missing.
    pub(crate) fn pull(&self) {
        self.pull
            .borrow_mut()
            .retain(|wake| wake.unbounded_send(()).is_ok());
    }

    fn pull_wakes(&self) -> mpsc::UnboundedReceiver<()> {
        let (wake, wakes) = mpsc::unbounded();
        self.pull.borrow_mut().push(wake);
        wakes
    }

    /// Nothing that is wanted can be asked for now.
    fn pulls_idle(&self) {
        for waiting in self.idle.borrow_mut().drain(..) {
            let _ = waiting.send(());
        }
    }

    fn when_pulls_idle(&self) -> oneshot::Receiver<()> {
        let (done, idle) = oneshot::channel();
        self.idle.borrow_mut().push(done);
        idle
    }

    /// Queues work; never dropped, at most done together with later work.
    pub(crate) fn job(&self, job: Job) {
        if let Some(sync) = &*self.sync.borrow() {
            let _ = sync.unbounded_send(job);
        }
    }

    /// Has the server looked at.
    pub(crate) fn look(&self, why: Look) {
        if let Some(look) = &*self.look.borrow() {
            let _ = look.unbounded_send(why);
        }
    }

    /// A list changed on the server; `entity` is the group's ID for members.
    pub(crate) fn list(&self, list: lists::List, entity: &str) {
        self.lists.borrow_mut().insert((list, entity.to_owned()));
        self.job(Job::Lists);
    }

    /// The user looks at this conversation: it is pulled first.
    pub(crate) fn view(&self, conversation_id: &str) -> bool {
        self.viewed.borrow_mut().insert(conversation_id.to_owned())
    }

    fn is_viewed(&self, conversation_id: &str) -> bool {
        self.viewed.borrow().contains(conversation_id)
    }

    /// Ends the tasks.
    pub(crate) fn end(&self) {
        self.pull.borrow_mut().clear();
        self.idle.borrow_mut().clear();
        self.sync.borrow_mut().take();
        self.look.borrow_mut().take();
    }
}

impl Session {
    /// An ID for what the SDK does of its own accord.
    pub(crate) fn operation_id(&self) -> String {
        ids::new_client_msg_id(&*self.core.rt)
    }

    /// The task that syncs; ends with the session. Jobs that pile up are done as one.
    pub(crate) async fn run_sync(self: Rc<Self>, mut jobs: mpsc::UnboundedReceiver<Job>) {
        loop {
            let Some(first) = jobs.next().await else {
                return;
            };
            let mut batch = vec![first];
            while let Ok(job) = jobs.try_recv() {
                batch.push(job);
            }
            if self.ended.get() {
                return;
            }
            if batch.contains(&Job::Connected) {
                self.sync_after_connect().await;
            }
            self.refresh_lists().await;
            self.check_lists().await;
        }
    }

    /// The task that looks at the server by itself; ends with the session. It waits for no pull and for no
    /// other work of the sync.
    pub(crate) async fn run_looks(self: Rc<Self>, mut whys: mpsc::UnboundedReceiver<Look>) {
        let mut looks = looks::Looks::default();
        loop {
            let due_in = looks.due_in(self.now());
            // A sleep of the machine or a clock that was set is found within a minute.
            let pause = due_in.map_or(LOOK_WAIT_MS, |due| due.min(LOOK_WAIT_MS));
            match crate::rt::timeout(&*self.core.rt, pause as u32, whys.next()).await {
                Ok(None) => return,
                Ok(Some(Look::Connected)) => looks.connected(self.now()),
                Ok(Some(Look::Owed)) => looks.owe(self.now()),
                Err(_) if looks.due_in(self.now()) == Some(0) => self.look(&mut looks).await,
                Err(_) => {}
            }
            if self.ended.get() {
                return;
            }
        }
    }

    async fn look(self: &Rc<Self>, looks: &mut looks::Looks) {
        if !self.conn.is_connected() {
            return looks.lost();
        }
        looks.begin(self.now(), self.state.borrow().channels.len());
        // Before it begins the sync after the connect tries until it is through.
        if !self.state.borrow().begun {
            return;
        }
        match self.sync_heads(false).await {
            Ok(()) => self.signals.pull(),
            Err(error) => {
                self.log(Level::Warn, &error.message);
                looks.failed(self.now());
            }
        }
    }

    fn tell<E: crate::api::Event>(&self, event: E, data: &E::Data) {
        if !self.ended.get() {
            self.core.emit(told(event, data));
        }
    }

    async fn sync_after_connect(self: &Rc<Self>) {
        let fresh = !self.state.borrow().synced_before;
        self.tell(OnSyncServerStart, &fresh);
        match self.sync_everything(fresh).await {
            Ok(()) => self.tell(OnSyncServerFinish, &fresh),
            Err(error) => {
                self.log(Level::Warn, &error.message);
                self.tell(OnSyncServerFailed, &fresh);
                self.again_later(Job::Connected);
            }
        }
    }

    /// Work that failed is tried again after a pause; that after a connect while the link lives. However
    /// often it fails meanwhile, once.
    fn again_later(self: &Rc<Self>, job: Job) {
        if self.signals.later.borrow().contains(&job) {
            return;
        }
        self.signals.later.borrow_mut().push(job);
        let session = self.clone();
        let pause = ATTEMPT_PAUSES_MS[ATTEMPT_PAUSES_MS.len() - 1];
        self.core.rt.spawn(Box::pin(async move {
            session.core.rt.sleep(pause).await;
            session
                .signals
                .later
                .borrow_mut()
                .retain(|other| *other != job);
            let is_due = job != Job::Connected || session.conn.is_connected();
            if is_due && !session.ended.get() {
                session.signals.job(job);
            }
        }));
    }

    async fn sync_everything(self: &Rc<Self>, fresh: bool) -> Result<()> {
        let mut attempt = 0;
        if fresh {
            self.tell(OnSyncServerProgress, &1);
        }
        loop {
            match self.sync_heads(fresh).await {
                Ok(()) => break,
                Err(error) if attempt >= ATTEMPT_PAUSES_MS.len() || !self.may_retry(&error) => {
                    return Err(error);
                }
                Err(error) => self.log(Level::Warn, &error.message),
            }
            self.core.rt.sleep(ATTEMPT_PAUSES_MS[attempt]).await;
            attempt += 1;
        }
        self.sync_bodies(fresh).await?;
        if fresh {
            self.finish_first_sync().await?;
        }
        Ok(())
    }

    fn may_retry(&self, error: &Error) -> bool {
        !self.ended.get() && self.conn.is_connected() && !crate::logic::errors::is_token(error.code)
    }

    /// Lists and newest seqs. On a first sync friends and groups come before the conversations, so
    /// that names and faces are right at once.
    async fn sync_heads(self: &Rc<Self>, fresh: bool) -> Result<()> {
        use lists::List::{Applications, Blacks, Conversations, Friends, Groups, Members, Myself};
        let heads = async {
            if fresh {
                let (friends, groups) = futures_util::join!(
                    self.sync_list(Friends, true),
                    self.sync_list(Groups, true)
                );
                friends.and(groups)?;
                self.tell(OnSyncServerProgress, &4);
            }
            self.sync_list(Conversations, fresh).await
        };
        let (maxima, reads, heads) =
            futures_util::join!(self.ask_maxima(), self.ask_reads(Vec::new()), heads);
        heads?;
        self.take_heads(maxima?, reads?, fresh).await?;
        let signals = &self.signals;
        signals.list(Myself, "");
        signals.list(Blacks, "");
        signals.list(Members, "");
        signals.list(Applications, "");
        if !fresh {
            signals.list(Friends, "");
            signals.list(Groups, "");
        }
        Ok(())
    }

    async fn ask_maxima(&self) -> std::result::Result<pb::GetMaxSeqResp, NetError> {
        let ask = pb::GetMaxSeqReq {
            user_id: self.me.clone(),
        };
        let operation = self.operation_id();
        self.conn
            .request(req::GET_NEWEST_SEQ, &operation, &ask, SYNC_WAIT_MS)
            .await
    }

    async fn take_heads(
        self: &Rc<Self>,
        maxima: pb::GetMaxSeqResp,
        reads: reads::Reads,
        fresh: bool,
    ) -> Result<()> {
        let mut changes = self.changes().await;
        if fresh {
            changes.silent();
        }
        let begins = !self.state.borrow().begun;
        for pb::NumberEntry {
            key: id,
            value: max,
        } in maxima.max_seqs
        {
            let channel = changes.channel(&id);
            channel.align.see_max(max);
            if ids::is_notification(&id) {
                // What old notifications did is in the lists and messages that are fetched from now on.
                if begins {
                    channel.align.skip_past();
                }
            } else if fresh {
                channel.align.start_fresh();
            }
        }
        self.take_reads(&mut changes, reads).await?;
        if begins {
            changes.write(crate::store::Write::Put {
                table: Table::Meta,
                key: BEGUN.to_owned(),
                value: Vec::new(),
            });
            changes.then(|state| state.begun = true);
        }
        changes.commit().await
    }

    /// Lets the pull task work until nothing that is wanted is open.
    async fn sync_bodies(self: &Rc<Self>, fresh: bool) -> Result<()> {
        let total = self.state.borrow().planner.open().max(1);
        if fresh {
            self.tell(OnSyncServerProgress, &10);
        }
        let mut percent_told = 10;
        let give_up = self.now() + i64::from(PULLS_WAIT_MS);
        loop {
            let idle = self.signals.when_pulls_idle();
            self.signals.pull();
            let tick = crate::rt::timeout(&*self.core.rt, 200, idle).await;
            let open = self.state.borrow().planner.open();
            if fresh && self.conn.is_connected() {
                let percent = 10 + 90 * (total - open.min(total)) as i64 / total as i64;
                if percent > percent_told {
                    percent_told = percent;
                    self.tell(OnSyncServerProgress, &(percent as i32));
                }
            }
            if tick.is_ok() && open == 0 {
                if fresh && percent_told < 100 {
                    self.tell(OnSyncServerProgress, &100);
                }
                return Ok(());
            }
            if self.ended.get() || !self.conn.is_connected() {
                return Err(NetError::Lost.into());
            }
            if self.now() >= give_up {
                return Err(NetError::Timeout.into());
            }
            if tick.is_ok() {
                self.core.rt.sleep(50).await;
            }
        }
    }

    async fn finish_first_sync(self: &Rc<Self>) -> Result<()> {
        let mut changes = self.changes().await;
        changes.write(crate::store::Write::Put {
            table: Table::Meta,
            key: SYNCED.to_owned(),
            value: Vec::new(),
        });
        changes.then(|state| state.synced_before = true);
        changes.commit().await
    }

    /// Lists that were said to have changed since the last time. What fails is tried again after a
    /// pause, or after the next connect.
    async fn refresh_lists(self: &Rc<Self>) {
        loop {
            let due = std::mem::take(&mut *self.signals.lists.borrow_mut());
            if due.is_empty() || self.ended.get() {
                return;
            }
            let groups = due.iter().filter(|(list, _)| *list == lists::List::Members);
            let groups: Vec<String> = groups.map(|(_, id)| id.clone()).collect();
            let (all, some) = (groups.iter().any(String::is_empty), !groups.is_empty());
            let mut failed = false;
            // Who may be out of a group must know it before its members are asked for: the server
            // refuses, and with it the question for all other groups.
            let joined = (lists::List::Groups, String::new());
            if due.contains(&joined)
                && let Err(error) = self.sync_list(lists::List::Groups, false).await
            {
                failed |= self.put_off(lists::List::Groups, &[String::new()], &error);
            }
            if some
                && !all
                && let Err(error) = self.sync_members(&groups).await
            {
                failed |= self.put_off(lists::List::Members, &groups, &error);
            }
            let others = |list| !matches!(list, lists::List::Members | lists::List::Groups);
            for (list, _) in due.iter().filter(|(list, _)| others(*list)) {
                if let Err(error) = self.sync_list(*list, false).await {
                    failed |= self.put_off(*list, &[String::new()], &error);
                }
            }
            if all {
                let joined: Vec<String> = self.state.borrow().groups.keys().cloned().collect();
                if let Err(error) = self.sync_members(&joined).await {
                    failed |= self.put_off(lists::List::Members, &[String::new()], &error);
                }
            }
            if failed {
                self.again_later(Job::Lists);
                return;
            }
        }
    }

    /// Notes lists that could not be synced; whether another attempt makes sense.
    fn put_off(&self, list: lists::List, entities: &[String], error: &Error) -> bool {
        self.log(Level::Warn, &error.message);
        let again = crate::logic::errors::is_transient(error.code);
        if again {
            let mut lists = self.signals.lists.borrow_mut();
            lists.extend(entities.iter().map(|entity| (list, entity.clone())));
        }
        again
    }
}
