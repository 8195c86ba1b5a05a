//! SIMULATION: the whole SDK (router, logic, link, store) on several devices against the server's model,
//! in virtual time. A seed decides what everybody does and what goes wrong; at the end nothing may be
//! missing, doubled or open (SPEC.md §6). The same seed gives the same trace.
use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::rc::Rc;

use openim_server::model::faults::{RestFault, SendFault};
use openim_web::logic::Core;
use openim_web::rt::Runtime;
use serde_json::{Value, json};

use crate::deeds::{Deed, KINDS, act, shown};
use crate::stores::{Disk, PageStores};
use crate::world::slow::SlowStores;
use crate::world::{Client, World};

/// Who takes part: name, user, platform. Dave has no device; the server speaks for him.
const DEVICES: [(&str, &str, i32); 4] = [
    ("alice-web", "alice", 5),
    ("alice-phone", "alice", 1),
    ("bob-web", "bob", 5),
    ("carol-web", "carol", 5),
];
pub(crate) const USERS: [&str; 4] = ["alice", "bob", "carol", "dave"];
pub(crate) const GROUP: &str = "garden";
/// Conversations by the users they are of.
const CONVERSATIONS: [&str; 6] = [
    "si_alice_bob",
    "si_alice_carol",
    "si_alice_dave",
    "si_bob_carol",
    "si_bob_dave",
    "sg_garden",
];
/// What is the same of a conversation here and at the server.
const SETTINGS: [&str; 8] = [
    "isPinned",
    "recvMsgOpt",
    "ex",
    "attachedInfo",
    "isPrivateChat",
    "burnDuration",
    "isMsgDestruct",
    "msgDestructTime",
];
/// What the transactions of a page take at most, milliseconds: one of these.
const DISK_MS: [u64; 3] = [0, 2, 10];
/// After the faults stop: what is retried at once, what only the next look at the server brings, what is
/// confirmed as a hole.
const CALM_MS: [u32; 3] = [30_000, 330_000, 900_000];

/// What a run was like.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Report {
    /// Things done.
    pub(crate) steps: usize,
    /// Hash of everything that was answered and told.
    pub(crate) trace: u64,
}

/// Seeded chance.
pub(crate) struct Chance(u64);

impl Chance {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    pub(crate) fn below(&mut self, n: usize) -> usize {
        (self.next() % n as u64) as usize
    }

    fn one_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }

    fn of<T: Clone>(&mut self, list: &[T]) -> T {
        list[self.below(list.len())].clone()
    }
}

/// Whose a device is. All its pages have the same token.
pub(crate) struct Who {
    name: &'static str,
    pub(crate) user: &'static str,
    platform: i32,
    token: String,
}

/// A device through the lives of its pages.
pub(crate) struct Device {
    pub(crate) who: Who,
    disk: Rc<Disk>,
    pub(crate) page: Rc<Page>,
    /// Pages that others took over from: they may go on for a while.
    replaced: Vec<Rc<Page>>,
    lives: u32,
    /// Messages that may be there or not: deleted or cleared here only, or of a call whose end is not
    /// known.
    unsure: BTreeSet<String>,
    /// Conversations of which the same is true.
    unsure_of: BTreeSet<String>,
    /// All of them.
    unsure_of_all: bool,
    /// Conversations that were read on this device and not at the server.
    read_here: BTreeSet<String>,
    /// All of them were.
    all_read_here: bool,
    /// The user asked not to be told.
    pub(crate) is_quiet: bool,
    /// Sends, by clientMsgID: whether they were said to have worked.
    sent: BTreeMap<String, Option<bool>>,
}

/// One life of a page.
pub(crate) struct Page {
    pub(crate) client: Client,
    pub(crate) log: Rc<Log>,
    /// Calls that have not been answered.
    open: Cell<usize>,
    /// What the oracles have to know of it.
    pub(crate) deeds: RefCell<Vec<Deed>>,
    /// Messages sent in this life of the page: news to the user's other tabs.
    pub(crate) sends: RefCell<BTreeSet<String>>,
    /// The newest seqs at the server when the first sync was through.
    ready_at: RefCell<Option<BTreeMap<String, i64>>>,
    /// Somebody logged out in between.
    pub(crate) interrupted: Cell<bool>,
}

/// Everything that could differ between two runs of a seed.
pub(crate) struct Log {
    hash: RefCell<DefaultHasher>,
    print: bool,
}

impl Log {
    pub(crate) fn note(&self, line: &str) {
        line.hash(&mut *self.hash.borrow_mut());
        if self.print {
            println!("{line}");
        }
    }
}

pub(crate) struct Run {
    pub(crate) world: Rc<World>,
    pub(crate) chance: Chance,
    pub(crate) devices: Vec<Device>,
    pub(crate) log: Rc<Log>,
    /// Something happened that may keep the order of news from holding.
    disorder: bool,
    /// Conversations whose messages burn once they are read.
    private: BTreeSet<String>,
    /// Groups that somebody left or joined.
    moved: BTreeSet<String>,
    steps: usize,
    /// Of all pages there were.
    cores: Vec<Rc<Core>>,
}

/// Runs a seed; what is wrong at its end, if anything.
pub(crate) fn run(seed: u64, print: bool) -> Result<Report, String> {
    let mut run = Run::new(seed, print);
    let count = 25 + run.chance.below(50);
    for _ in 0..count {
        run.step();
    }
    let calm = run.calm_down();
    calm.map(|()| Report {
        steps: run.steps,
        trace: run.log.hash.borrow().finish(),
    })
}

impl Drop for Run {
    /// Pages, tasks and network hold each other.
    fn drop(&mut self) {
        self.world.rt.end();
        self.world.net.sockets.borrow_mut().clear();
        self.cores.drain(..).for_each(|core| core.forget());
    }
}

impl Run {
    fn new(seed: u64, print: bool) -> Self {
        let world = World::new(seed);
        let log = Rc::new(Log {
            hash: RefCell::new(DefaultHasher::new()),
            print,
        });
        let devices = DEVICES.iter().map(|&(name, user, platform)| {
            let disk = Disk::new(Rc::default());
            let token = world.token_of(user, platform);
            let who = Who {
                name,
                user,
                platform,
                token,
            };
            let page = new_page(&world, &log, &who, &disk, 0);
            Device {
                who,
                disk,
                page,
                replaced: Vec::new(),
                lives: 1,
                unsure: BTreeSet::new(),
                unsure_of: BTreeSet::new(),
                unsure_of_all: false,
                read_here: BTreeSet::new(),
                all_read_here: false,
                is_quiet: false,
                sent: BTreeMap::new(),
            }
        });
        let devices: Vec<Device> = devices.collect();
        let cores = devices.iter().map(|device| device.page.client.core.clone());
        Self {
            cores: cores.collect(),
            world,
            chance: Chance(seed),
            devices,
            log,
            disorder: false,
            private: BTreeSet::new(),
            moved: BTreeSet::new(),
            steps: 0,
        }
    }

    fn step(&mut self) {
        self.steps += 1;
        self.take_notes();
        for at in 0..self.devices.len() {
            if self.devices[at].disk.is_dead() {
                self.bury(at, 0);
            }
        }
        match self.chance.below(100) {
            0..=49 => self.somebody_acts(),
            50..=64 => self.server_speaks(),
            65..=84 => self.something_breaks(),
            85..=92 => self.a_page_goes(),
            _ => self.members_move(),
        }
        let pause = match self.chance.below(12) {
            0..=4 => self.chance.below(20),
            5..=8 => self.chance.below(400),
            9..=10 => self.chance.below(6_000),
            _ => self.chance.below(70_000),
        };
        self.log.note(&format!("-- {pause} ms"));
        self.world.rt.run_for(pause as u32);
    }

    /// A user does something in a page.
    fn somebody_acts(&mut self) {
        let at = self.chance.below(self.devices.len());
        let device = &self.devices[at];
        let conversation = self.chance.of(&CONVERSATIONS);
        let kind = self.chance.below(KINDS);
        let pick = self.chance.next();
        self.log.note(&format!(
            "{} does {kind} in {conversation}",
            device.who.name
        ));
        let page = device.page.clone();
        page.open.set(page.open.get() + 1);
        let page_of_call = page.clone();
        self.world.rt.spawn(Box::pin(async move {
            act(&page_of_call, kind, conversation, pick).await;
            page_of_call.open.set(page_of_call.open.get() - 1);
        }));
    }

    fn server_speaks(&mut self) {
        let from = self.chance.of(&USERS);
        let to = self.chance.of(&USERS);
        let count = 1 + self.chance.below(self.chance.0 as usize % 6 + 1);
        let body = match self.chance.one_in(3) || from == to {
            true => json!({"from": from, "groupID": GROUP, "text": "hello {n}", "count": count}),
            false => json!({"from": from, "to": to, "text": "hello {n}", "count": count}),
        };
        self.log.note(&format!("server: {body}"));
        // A user who is blocked or no member is refused: that is no fault of anybody.
        self.world
            .net
            .with(|model, now| openim_server::control::act(model, now, "send", &body));
    }

    fn something_breaks(&mut self) {
        let user = self.chance.of(&USERS);
        let conversation = self.chance.of(&CONVERSATIONS).to_owned();
        let at = self.chance.below(self.devices.len());
        let count = 1 + self.chance.below(4) as u32;
        let kind = self.chance.below(17);
        self.log
            .note(&format!("fault {kind} {user} {conversation} {count}"));
        self.disorder = true;
        let net = self.world.net.clone();
        let name = self.devices[at].who.name;
        let push = |change: &dyn Fn(&mut openim_server::model::faults::PushFaults)| {
            let mut model = net.model.borrow_mut();
            change(model.faults.pushes.entry(user.to_owned()).or_default());
        };
        match kind {
            0 | 1 => push(&|faults| faults.drop = count),
            2 => push(&|faults| faults.duplicate = count),
            3 => push(&|faults| faults.reorder = count),
            4 => push(&|faults| faults.delay_ms = u64::from(count) * 700),
            5 => {
                let faults = [
                    SendFault::LoseAck,
                    SendFault::LoseMessage,
                    SendFault::NoAnswer,
                ];
                let fault = self.chance.of(&faults);
                let mut model = net.model.borrow_mut();
                model.faults.sends.insert(user.to_owned(), vec![fault]);
            }
            6 => {
                let paths = [
                    "/msg/mark_conversation_as_read",
                    "/msg/delete_msgs",
                    "/msg/revoke_msg",
                    "/conversation/get_incremental_conversations",
                    "/group/get_incremental_join_groups",
                    "/friend/get_incremental_friends",
                    "/conversation/set_conversations",
                ];
                let faults = [
                    RestFault::TooMany,
                    RestFault::Broken,
                    RestFault::Html,
                    RestFault::Hang,
                ];
                let (path, fault) = (self.chance.of(&paths), self.chance.of(&faults));
                let mut model = net.model.borrow_mut();
                model
                    .faults
                    .rest
                    .insert(path.to_owned(), vec![fault; count as usize]);
            }
            7 => {
                net.model
                    .borrow_mut()
                    .faults
                    .holes
                    .insert(conversation, i64::from(count));
            }
            8 | 9 => {
                let state = self.world.control("state", json!({}));
                let max = state["channels"][&conversation]["maxSeq"]
                    .as_i64()
                    .unwrap_or(0);
                let times = (!self.chance.one_in(4)).then_some(count);
                for seq in max + 1..=max + i64::from(count) {
                    let key = (conversation.clone(), seq);
                    let mut model = net.model.borrow_mut();
                    model.faults.placeholders.insert(key, Cell::new(times));
                }
            }
            10 => {
                net.model.borrow_mut().faults.absent.insert(conversation);
            }
            11 => net.model.borrow_mut().faults.absent.clear(),
            12 | 13 => match net
                .cut
                .borrow()
                .contains(&self.devices[at].page.client.name)
            {
                true => {}
                false => {
                    let name = self.devices[at].page.client.name.clone();
                    let net = net.clone();
                    self.world
                        .rt
                        .spawn(Box::pin(async move { net.cut_off(&name) }));
                }
            },
            16 => net.deaden_links(&self.devices[at].page.client.name),
            14 => net.break_links(&self.devices[at].page.client.name),
            _ => {
                self.log.note(&format!("disk of {name} fails"));
                self.devices[at].disk.fail_in(count);
            }
        }
    }

    /// Pages die, are reloaded, log out; networks come back.
    fn a_page_goes(&mut self) {
        let at = self.chance.below(self.devices.len());
        let name = self.devices[at].page.client.name.clone();
        let kind = self.chance.below(9);
        self.log.note(&format!("{name} goes, {kind}"));
        match kind {
            0 | 1 => {
                let (transactions, done) = (self.chance.below(6) as u32, self.chance.one_in(2));
                self.devices[at].disk.die_in(transactions, done);
            }
            2 => {
                let lost = self.chance.below(4);
                self.bury(at, lost);
            }
            3 => self.bury(at, 0),
            8 => self.take_over(at),
            4 => {
                let client = &self.devices[at].page.client;
                let background = self.chance.one_in(2);
                let core = client.core.clone();
                self.world.rt.spawn(Box::pin(async move {
                    let params = json!(background);
                    let _ =
                        openim_web::js::router::call(&core, "setAppBackgroundStatus", params, "op")
                            .await;
                }));
            }
            _ => self.world.net.cut.borrow_mut().retain(|page| *page != name),
        }
    }

    /// People come to the group and leave it.
    fn members_move(&mut self) {
        self.moved.insert(GROUP.to_owned());
        let user = self.chance.of(&["bob", "carol", "dave"]);
        let (path, body) = match self.chance.below(3) {
            0 => (
                "/group/kick_group",
                json!({"groupID": GROUP, "kickedUserIDs": [user]}),
            ),
            1 => (
                "/group/invite_user_to_group",
                json!({"groupID": GROUP, "invitedUserIDs": [user]}),
            ),
            _ => (
                "/group/set_group_info",
                json!({"groupInfoForSet": {"groupID": GROUP, "groupName": format!("Garden {}", self.chance.below(9))}}),
            ),
        };
        self.log.note(&format!("alice: {path} {user}"));
        let token = self.world.token_of("alice", 2);
        self.world.net.with(|model, now| {
            // Refused if he is in, or out, already.
            let _ = model.rest(now, path, &token, "op", &body);
        });
    }

    /// A page ends, at once; another begins on what is on the disk.
    fn bury(&mut self, at: usize, lost: usize) {
        self.take_notes();
        let device = &self.devices[at];
        device.disk.kill();
        device.page.client.kill();
        // Its tasks end; nothing of it reaches disk, network or events any more.
        let core = device.page.client.core.clone();
        self.world
            .rt
            .spawn(Box::pin(async move { core.close().await }));
        self.begin_anew(at, lost);
    }

    /// Another page begins while this one lives on, until its next transaction is refused.
    fn take_over(&mut self, at: usize) {
        self.take_notes();
        let device = &mut self.devices[at];
        let old = device.disk.clone();
        device.replaced.push(device.page.clone());
        self.begin_anew(at, 0);
        old.die_in(0, false);
    }

    fn begin_anew(&mut self, at: usize, lost: usize) {
        let device = &mut self.devices[at];
        device.disk.heal();
        let left = self.world.rt.block_on(device.disk.after_power_loss(lost));
        device.disk = Disk::new(left);
        let page = new_page(
            &self.world,
            &self.log,
            &device.who,
            &device.disk,
            device.lives,
        );
        device.lives += 1;
        self.cores.push(page.client.core.clone());
        device.page = page;
        // Whose end is not known: found by the new page, or failed.
        for fate in device.sent.values_mut() {
            if *fate == Some(false) {
                *fate = None;
            }
        }
    }

    fn take_notes(&mut self) {
        for at in 0..self.devices.len() {
            let user = self.devices[at].who.user;
            let device = &self.devices[at];
            let pages = device.replaced.iter().chain([&device.page]);
            let deeds = pages.flat_map(|page| page.deeds.take());
            let deeds: Vec<Deed> = deeds.collect();
            for deed in deeds {
                // The server does not announce what one device of a user deletes or clears.
                let own = self
                    .devices
                    .iter_mut()
                    .filter(|device| device.who.user == user);
                match deed {
                    Deed::Unsure(id) => own.for_each(|d| d.unsure.extend([id.clone()])),
                    Deed::UnsureOf(id) => own.for_each(|d| d.unsure_of.extend([id.clone()])),
                    Deed::UnsureForAll(id) => {
                        let all = self.devices.iter_mut();
                        all.for_each(|d| d.unsure.extend([id.clone()]));
                    }
                    Deed::UnsureOfAll => own.for_each(|d| d.unsure_of_all = true),
                    Deed::Private(id) => drop(self.private.insert(id)),
                    Deed::Quiet => own.for_each(|d| d.is_quiet = true),
                    Deed::Members(group) => drop(self.moved.insert(group)),
                    Deed::AllReadHere => self.devices[at].all_read_here = true,
                    Deed::ReadHere(id) => self.devices[at].read_here.extend([id]),
                    Deed::Sending(id) => drop(self.devices[at].sent.insert(id, None)),
                    Deed::Sent(id, ok) => drop(self.devices[at].sent.insert(id, Some(ok))),
                }
            }
        }
    }

    /// The faults stop; then, within a bounded time, everything is right.
    fn calm_down(&mut self) -> Result<(), String> {
        self.log.note("-- the faults stop");
        {
            let mut model = self.world.net.model.borrow_mut();
            model.faults = Default::default();
        }
        for at in 0..self.devices.len() {
            self.devices[at].disk.heal();
            if self.devices[at].disk.is_dead() {
                self.bury(at, 0);
            }
            let name = self.devices[at].page.client.name.clone();
            self.world.net.cut.borrow_mut().retain(|page| *page != name);
        }
        let mut wrong = String::new();
        for pause in CALM_MS {
            self.world.rt.run_for(pause);
            self.take_notes();
            match self.check() {
                Ok(()) => return self.check_liveness(),
                Err(why) => wrong = why,
            }
        }
        Err(wrong)
    }
}

impl World {
    fn token_of(&self, user: &str, platform: i32) -> String {
        let now = self.rt.now_ms();
        self.net.model.borrow_mut().issue_token(now, user, platform)
    }
}

/// A page that logs in by itself, and says so when its first sync is through.
fn new_page(world: &Rc<World>, log: &Rc<Log>, who: &Who, disk: &Rc<Disk>, life: u32) -> Rc<Page> {
    let name = format!("{}-{life}", who.name);
    let stores = Rc::new(SlowStores {
        stores: Rc::new(PageStores(disk.clone())),
        rt: world.rt.clone(),
        slowest_ms: DISK_MS[(world.rt.random() % DISK_MS.len() as u64) as usize],
    });
    let client = world.page_on(&name, who.user, who.platform, &who.token, stores);
    let page = Rc::new(Page {
        client,
        log: log.clone(),
        open: Cell::new(1),
        deeds: RefCell::default(),
        sends: RefCell::default(),
        ready_at: RefCell::default(),
        interrupted: Cell::new(false),
    });
    let (starting, world) = (page.clone(), world.clone());
    world.clone().rt.spawn(Box::pin(async move {
        let params = starting.client.login_params();
        let answer = starting.client.call("login", params).await;
        starting
            .log
            .note(&format!("{name}: login {}", shown(&answer)));
        starting.open.set(starting.open.get() - 1);
        while starting.client.heard("OnSyncServerFinish").is_empty() {
            if !starting.client.is_alive() {
                return;
            }
            world.rt.sleep(50).await;
        }
        let state = world.control("state", json!({}));
        let maxima = state["channels"].as_object().into_iter().flatten();
        let maxima =
            maxima.map(|(id, channel)| (id.clone(), channel["maxSeq"].as_i64().unwrap_or(0)));
        *starting.ready_at.borrow_mut() = Some(maxima.collect());
    }));
    page
}

impl Run {
    /// Everything that must be right once the faults have stopped (SPEC.md §6).
    fn check(&self) -> Result<(), String> {
        let state = self.world.control("state", json!({}));
        self.check_log(&state)?;
        for device in &self.devices {
            self.check_device(device, &state)
                .map_err(|why| format!("{}: {why}", device.page.client.name))?;
        }
        Ok(())
    }

    /// No message is on the server twice.
    fn check_log(&self, state: &Value) -> Result<(), String> {
        let mut seen = BTreeSet::new();
        for (id, channel) in state["channels"].as_object().into_iter().flatten() {
            for message in channel["messages"].as_array().into_iter().flatten() {
                let key = (id.clone(), message["clientMsgID"].to_string());
                if !seen.insert(key) {
                    return Err(format!(
                        "{id} has {} twice at the server",
                        message["clientMsgID"]
                    ));
                }
            }
        }
        Ok(())
    }

    fn check_device(&self, device: &Device, state: &Value) -> Result<(), String> {
        let page = &device.page;
        if page.open.get() > 0 {
            return Err(format!("{} calls are open", page.open.get()));
        }
        if page.ready_at.borrow().is_none() {
            return Err("the first sync is not through".into());
        }
        for row in state["rows"].as_array().into_iter().flatten() {
            if row["ownerUserID"] == device.who.user {
                let id = row["conversationID"].as_str().unwrap_or_default();
                self.check_conversation(device, state, row, id)
                    .map_err(|why| format!("{id}: {why}"))?;
            }
        }
        self.check_sends(device, state)?;
        check_told(page, self.disorder)?;
        self.check_lists(device, state)
    }

    /// Friends, black list and groups are the server's.
    fn check_lists(&self, device: &Device, state: &Value) -> Result<(), String> {
        let user = json!(device.who.user);
        let groups = state["groups"].as_object().into_iter().flatten();
        let groups = groups.filter(|(_, members)| {
            let members = members.as_array();
            members.is_some_and(|list| list.contains(&user))
        });
        let groups = json!(groups.map(|(id, _)| id).collect::<Vec<_>>());
        for (method, key, expected) in [
            ("getJoinedGroupList", "groupID", &groups),
            (
                "getFriendList",
                "userID",
                &state["friends"][device.who.user],
            ),
            ("getBlackList", "userID", &state["blacks"][device.who.user]),
        ] {
            let list = device.page.client.ok(method, json!(null));
            let ids = list.as_array().into_iter().flatten();
            let mut ids: Vec<&str> = ids.filter_map(|row| row[key].as_str()).collect();
            ids.sort_unstable();
            let expected = if expected.is_null() {
                &json!([])
            } else {
                expected
            };
            if json!(ids) != *expected {
                return Err(format!("{method} {ids:?}, at the server {expected}"));
            }
        }
        Ok(())
    }

    fn check_conversation(
        &self,
        device: &Device,
        state: &Value,
        row: &Value,
        id: &str,
    ) -> Result<(), String> {
        let client = &device.page.client;
        let channel = &state["channels"][id];
        let number = |value: &Value| value.as_i64().unwrap_or(0);
        let first = number(&row["minSeq"])
            .max(number(&channel["minSeq"]))
            .max(1);
        let last = match number(&row["maxSeq"]) {
            0 => number(&channel["maxSeq"]),
            frozen => frozen.min(number(&channel["maxSeq"])),
        };
        let all = channel["messages"].as_array().cloned().unwrap_or_default();
        let is_visible = |m: &&Value| {
            let deleted = m["deletedBy"]
                .as_array()
                .is_some_and(|by| by.contains(&json!(device.who.user)));
            (first..=last).contains(&number(&m["seq"])) && !deleted
        };
        let visible: Vec<&Value> = all.iter().filter(is_visible).collect();
        let id_of = |m: &Value| m["clientMsgID"].as_str().unwrap_or_default().to_owned();
        let sure = |id: &String| !device.unsure.contains(id);

        let expected: Vec<(String, i64)> = visible
            .iter()
            .map(|m| (id_of(m), number(&m["contentType"])))
            .filter(|(id, _)| sure(id))
            .collect();
        let history = client.try_history(id)?;
        if history.iter().any(|m| m["status"] == 1) {
            return Err("a message is being sent for ever".into());
        }
        if self.private.contains(id) || device.unsure_of_all {
            return Ok(());
        }
        let held: Vec<(String, i64)> = history
            .iter()
            .filter(|m| number(&m["seq"]) > 0)
            .map(|m| (id_of(m), number(&m["contentType"])))
            .filter(|(id, _)| sure(id))
            .collect();
        // What a member saw before he left, and what another device cleared, stays where it was seen.
        let may_hold_more = device.unsure_of.contains(id) || number(&row["maxSeq"]) > 0;
        let same = match may_hold_more {
            true => held.iter().filter(|m| expected.contains(m)).eq(&expected),
            false => held == expected,
        };
        if !same {
            return Err(format!("history differs: {}", difference(&held, &expected)));
        }
        if may_hold_more {
            return Ok(());
        }
        let listed = client.conversation(id);
        for key in SETTINGS {
            if listed[key] != row[key] {
                let (here, there) = (&listed[key], &row[key]);
                return Err(format!("{key} {here}, at the server {there}"));
            }
        }
        let read = state["hasRead"]
            .as_array()
            .into_iter()
            .flatten()
            .find(|read| read["userID"] == device.who.user && read["conversationID"] == id);
        let read = read.map_or(0, |read| number(&read["hasReadSeq"]));
        let is_unread = |m: &&&Value| {
            number(&m["seq"]) > read && m["sendID"] != device.who.user && m["counts"] == true
        };
        let read_here = device.all_read_here || device.read_here.contains(id);
        let unsure = all.iter().any(|m| !sure(&id_of(m)));
        let unread = visible.iter().filter(is_unread).count() as i64;
        let told = number(&listed["unreadCount"]);
        if number(&listed["latestMsgSendTime"]) > 0 && !unsure && !read_here && told != unread {
            let kinds: Vec<_> = visible
                .iter()
                .filter(is_unread)
                .map(|m| (number(&m["seq"]), number(&m["contentType"])))
                .collect();
            return Err(format!("{told} unread, at the server {unread}: {kinds:?}"));
        }
        let loose = history.iter().any(|m| number(&m["seq"]) == 0);
        // One that was hidden shows what came since: nothing, or what was missing then.
        if !loose
            && !read_here
            && !unsure
            && !device.unsure_of.contains(id)
            && number(&listed["latestMsgSendTime"]) > 0
        {
            let latest: Value =
                serde_json::from_str(listed["latestMsg"].as_str().unwrap_or("null"))
                    .unwrap_or_default();
            let newest = visible.iter().rev().find(|m| m["previews"] == true);
            let newest = newest.map(|m| id_of(m)).unwrap_or_default();
            if id_of(&latest) != newest {
                return Err(format!(
                    "the preview is {} and not {newest}",
                    id_of(&latest)
                ));
            }
        }
        self.check_news(device, id, &visible)
    }

    /// What came while the page was there has been told.
    fn check_news(&self, device: &Device, id: &str, visible: &[&Value]) -> Result<(), String> {
        let page = &device.page;
        if page.interrupted.get()
            || device.unsure_of.contains(id)
            || device.is_quiet
            || id
                .strip_prefix("sg_")
                .is_some_and(|group| self.moved.contains(group))
        {
            return Ok(());
        }
        let told: BTreeSet<String> = news(page).into_iter().map(|(_, _, id)| id).collect();
        let ready_at = page.ready_at.borrow();
        let from = ready_at
            .as_ref()
            .and_then(|maxima| maxima.get(id))
            .copied()
            .unwrap_or(0);
        for message in visible {
            let message_id = message["clientMsgID"].as_str().unwrap_or_default();
            let is_news = message["seq"].as_i64() > Some(from)
                && (message["sendID"] != device.who.user
                    || page.sends.borrow().contains(message_id))
                && message["previews"] == true
                && !device.unsure.contains(message_id);
            if is_news && !told.contains(message_id) {
                return Err(format!("seq {} was never told", message["seq"]));
            }
        }
        Ok(())
    }

    /// What was said of a send is true.
    fn check_sends(&self, device: &Device, state: &Value) -> Result<(), String> {
        let mut stored = BTreeMap::new();
        for (channel, held) in state["channels"].as_object().into_iter().flatten() {
            for message in held["messages"].as_array().into_iter().flatten() {
                let id = message["clientMsgID"].as_str().unwrap_or_default();
                stored.insert(id.to_owned(), channel.clone());
            }
        }
        for (id, fate) in &device.sent {
            let is_deleted = device.unsure.contains(id);
            if *fate == Some(true) && !is_deleted && !stored.contains_key(id) {
                return Err(format!("{id} was said to be sent and is not at the server"));
            }
        }
        Ok(())
    }
}

/// News told in this life: conversation, seq, clientMsgID.
pub(crate) fn news(page: &Page) -> Vec<(String, i64, String)> {
    let events = page.client.events.borrow();
    let lists = events
        .iter()
        .filter(|(name, _)| name == "OnRecvNewMessages" || name == "onRecvOfflineNewMessages");
    let messages = lists.flat_map(|(_, list)| list.as_array().into_iter().flatten());
    let text = |message: &Value, key: &str| message[key].as_str().unwrap_or_default().to_owned();
    messages
        .map(|m| {
            let mut of = [text(m, "sendID"), text(m, "recvID")];
            of.sort();
            let conversation = match text(m, "groupID") {
                group if group.is_empty() => format!("si_{}_{}", of[0], of[1]),
                group => format!("sg_{group}"),
            };
            (
                conversation,
                m["seq"].as_i64().unwrap_or(0),
                text(m, "clientMsgID"),
            )
        })
        .collect()
}

fn check_told(page: &Page, disorder: bool) -> Result<(), String> {
    let mut seen = BTreeSet::new();
    let mut last: BTreeMap<String, i64> = BTreeMap::new();
    for (conversation, seq, id) in news(page) {
        let before = last.insert(conversation.clone(), seq).unwrap_or(0);
        if seq > 0 && seq < before && !disorder {
            return Err(format!("{conversation} {seq} was told after {before}"));
        }
        if seq > 0 && !seen.insert(id.clone()) {
            return Err(format!("{conversation} {seq} was told twice"));
        }
    }
    Ok(())
}

fn difference(held: &[(String, i64)], expected: &[(String, i64)]) -> String {
    let lacks: Vec<_> = expected.iter().filter(|m| !held.contains(m)).collect();
    let more: Vec<_> = held.iter().filter(|m| !expected.contains(m)).collect();
    format!(
        "{} of {} held; lacks {lacks:?}, has more {more:?}",
        held.len(),
        expected.len()
    )
}
