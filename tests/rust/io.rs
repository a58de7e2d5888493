//! The thread that does the I/O, and the state of connections in the meantime. These tests run in a separate process
//! and one at a time: the clients of a process share one runtime, so the calls of another test would change the result.

use std::io::{self, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{self, Receiver};
use std::sync::{Arc, Barrier, Mutex, MutexGuard, PoisonError, RwLock};
use std::thread;
use std::time::{Duration, Instant};

use mgpresence::{
    Activity, Availability, Client, Credential, KeepAlive, KeepAliveOptions, KeepAliveState,
    Operation, Queue, Request, SetPresence, Status, Target, TestClock, WritePresence,
};

const SOON: Duration = Duration::from_secs(20);

fn get() -> Request {
    Request::get_presence(Target::user("adele"))
}

/// Held by the running test.
fn alone() -> MutexGuard<'static, ()> {
    static ONE: Mutex<()> = Mutex::new(());
    ONE.lock().unwrap_or_else(PoisonError::into_inner)
}

fn client_of(listener: &TcpListener) -> Client {
    let builder = Client::builder().base_url(format!("http://{}", listener.local_addr().unwrap()));
    let credential = Credential::from_token("secret-token").unwrap();
    builder.allow_loopback_http().credential(credential).build().unwrap()
}

fn keep_alive(client: &Client, clock: &TestClock, queue: &Queue<()>) -> KeepAlive {
    let options = KeepAliveOptions::default().clock(clock);
    client.keep_alive(options, queue, ()).map_err(|it| it.0).unwrap()
}

fn listen() -> TcpListener {
    TcpListener::bind("127.0.0.1:0").unwrap()
}

/// Reads one request; `false` at the end of the connection.
fn read_request(connection: &mut TcpStream) -> bool {
    connection.set_read_timeout(Some(SOON)).unwrap();
    let (mut bytes, mut some) = (Vec::new(), [0; 4096]);
    loop {
        match connection.read(&mut some) {
            Ok(0) | Err(_) => return false,
            Ok(length) => bytes.extend_from_slice(&some[..length]),
        }
        let text = String::from_utf8_lossy(&bytes).to_ascii_lowercase();
        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
        let length = head.split_once("content-length: ").map_or("0", |(_, rest)| rest);
        if body.len() >= length.lines().next().unwrap().parse().unwrap() {
            return true;
        }
    }
}

fn answer(connection: &mut TcpStream) {
    let body = "{\"id\":\"1\",\"availability\":\"Busy\",\"activity\":\"InACall\"}";
    let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", body.len());
    connection.write_all((head + body).as_bytes()).unwrap();
}

/// Answers all requests of a connection.
fn serve(connection: &mut TcpStream) {
    while read_request(connection) {
        answer(connection);
    }
}

/// A server that answers one request on each connection, the first `together` of them at the same time. When the gate
/// is open, it closes the connection without having announced it.
struct Impolite {
    gate: Arc<RwLock<()>>,
    closed: Receiver<()>,
}

impl Impolite {
    fn on(listener: &TcpListener, together: usize) -> Self {
        let (closed, is_closed) = mpsc::channel();
        let (listener, barrier) = (listener.try_clone().unwrap(), Arc::new(Barrier::new(together)));
        let gate = Arc::new(RwLock::new(()));
        let server = Self { gate: Arc::clone(&gate), closed: is_closed };
        thread::spawn(move || {
            for (count, connection) in listener.incoming().enumerate() {
                let (mut connection, closed) = (connection.unwrap(), closed.clone());
                let barrier = (count < together).then(|| Arc::clone(&barrier));
                let gate = Arc::clone(&gate);
                thread::spawn(move || {
                    assert!(read_request(&mut connection));
                    barrier.map(|barrier| barrier.wait());
                    answer(&mut connection);
                    drop(gate.read());
                    drop(connection);
                    let _ = closed.send(());
                });
            }
        });
        server
    }

    fn wait_until_closed(&self, count: usize) {
        (0..count).for_each(|_| self.closed.recv_timeout(SOON).unwrap());
    }
}

/// A call elsewhere, in which every connection of this process comes to rest.
fn rest() {
    let listener = listen();
    let client = client_of(&listener);
    thread::scope(|scope| {
        scope.spawn(|| {
            let (mut connection, _) = listener.accept().unwrap();
            assert!(read_request(&mut connection));
            answer(&mut connection);
        });
        client.send(get()).unwrap();
    });
}

fn never_repeated() -> [Request; 2] {
    let away = || WritePresence::new(Availability::Away, Activity::Away);
    let delete =
        Request::new(Operation::DeletePresence, Target::user("adele")).header("If-Match", "*");
    [Request::create_presence(away()), delete]
}

/// Sends each request that is never repeated when the server has just closed all of the client's connections.
fn after_connections_were_closed(connections: usize, send: impl Fn(&Client, Request)) {
    let _alone = alone();
    for request in never_repeated() {
        let listener = listen();
        let server = Impolite::on(&listener, connections);
        let shut = server.gate.write().unwrap();
        let client = client_of(&listener);
        thread::scope(|scope| {
            for _ in 0..connections {
                scope.spawn(|| client.send(get()).unwrap());
            }
        });
        rest();
        drop(shut);
        server.wait_until_closed(connections);
        send(&client, request);
    }
}

fn send(client: &Client, request: Request) {
    client.send(request).unwrap();
}

#[test]
fn a_connection_that_the_server_has_closed_meanwhile_takes_no_request() {
    after_connections_were_closed(1, send);
}

#[test]
fn of_several_closed_connections_none_takes_a_request() {
    after_connections_were_closed(12, send);
}

#[test]
fn a_closed_connection_takes_no_submitted_request() {
    after_connections_were_closed(1, |client, request| {
        let queue = Queue::new();
        client.submit(request, &queue, ()).unwrap();
        queue.wait(Some(SOON)).unwrap().result.unwrap();
    });
}

#[test]
fn a_submitted_request_is_sent_although_no_caller_waits() {
    let _alone = alone();
    let listener = listen();
    let client = client_of(&listener);
    let (answered, is_answered) = mpsc::channel();
    thread::spawn(move || {
        let (mut connection, _) = listener.accept().unwrap();
        assert!(read_request(&mut connection));
        answer(&mut connection);
        answered.send(()).unwrap();
    });
    let queue = Queue::new();
    client.submit(get(), &queue, ()).unwrap();
    is_answered.recv_timeout(SOON).unwrap();
    queue.wait(Some(SOON)).unwrap().result.unwrap();
}

#[test]
fn calls_one_after_the_other_take_one_connection() {
    let _alone = alone();
    let listener = listen();
    let client = client_of(&listener);
    thread::scope(|scope| {
        scope.spawn(|| {
            let (mut connection, _) = listener.accept().unwrap();
            serve(&mut connection);
        });
        for request in never_repeated().into_iter().cycle().take(20) {
            client.send(request.timeout(SOON)).unwrap();
        }
        drop(client);
    });
}

/// Whether the server soon sees the end of the connection.
fn ends(connection: &mut TcpStream) -> bool {
    matches!(connection.read(&mut [0; 4096]), Ok(0))
}

#[test]
fn a_client_that_is_dropped_closes_its_connections() {
    let _alone = alone();
    let listener = listen();
    let client = client_of(&listener);
    thread::scope(|scope| {
        let server = scope.spawn(|| {
            let (mut connection, _) = listener.accept().unwrap();
            assert!(read_request(&mut connection));
            answer(&mut connection);
            connection
        });
        client.send(get()).unwrap();
        drop(client);
        assert!(ends(&mut server.join().unwrap()));
    });
}

#[test]
fn a_call_that_timed_out_closes_its_connection() {
    let _alone = alone();
    let listener = listen();
    let client = client_of(&listener);
    thread::scope(|scope| {
        let server = scope.spawn(|| {
            let (mut connection, _) = listener.accept().unwrap();
            assert!(read_request(&mut connection));
            assert!(ends(&mut connection));
        });
        let error = client.send(get().timeout(Duration::from_millis(100))).unwrap_err();
        assert_eq!(error.status(), Status::Timeout);
        server.join().unwrap();
    });
}

/// A server that answers a request on each of the first connections, all at the same time, and then leaves them as a
/// network does that has forgotten them: nothing arrives, and nothing says so. It answers all requests on later ones.
fn forget(listener: &TcpListener, first: usize) {
    let (listener, barrier) = (listener.try_clone().unwrap(), Arc::new(Barrier::new(first)));
    thread::spawn(move || {
        for (count, connection) in listener.incoming().enumerate() {
            let (mut connection, barrier) = (connection.unwrap(), Arc::clone(&barrier));
            thread::spawn(move || {
                if count < first {
                    assert!(read_request(&mut connection));
                    barrier.wait();
                    answer(&mut connection);
                    io::copy(&mut connection, &mut io::sink()).unwrap();
                }
                serve(&mut connection);
            });
        }
    });
}

#[test]
fn of_several_connections_that_the_network_forgot_only_one_costs_a_timeout() {
    let _alone = alone();
    let listener = listen();
    forget(&listener, 6);
    let client = client_of(&listener);
    thread::scope(|scope| {
        for _ in 0..6 {
            scope.spawn(|| client.send(get()).unwrap());
        }
    });
    let error = client.send(get().timeout(Duration::from_millis(300))).unwrap_err();
    assert_eq!(error.status(), Status::Timeout);
    for _ in 0..6 {
        assert_eq!(client.send(get().timeout(SOON)).unwrap().attempts(), 1);
    }
}

#[test]
fn a_keep_alive_that_slept_uses_no_connection_from_before() {
    let _alone = alone();
    let listener = listen();
    forget(&listener, 1);
    let (client, clock, queue) = (client_of(&listener), TestClock::new(), Queue::new());
    let keep_alive = keep_alive(&client, &clock, &queue);
    let next = || queue.wait(Some(SOON)).unwrap().event.unwrap().state;
    let available = SetPresence {
        session_id: Some("22553876-f5ab-4529-bffb-cfe50aa89f87".into()),
        ..SetPresence::new(Availability::Available, Activity::Available)
    };
    keep_alive.hold(Request::set_presence(Target::user("adele"), available)).unwrap();
    assert_eq!(next(), KeepAliveState::Held);
    clock.sleep_machine(Duration::from_secs(3600));
    clock.advance(Duration::from_secs(5)); // the driver looks at the clocks
    assert_eq!((next(), next()), (KeepAliveState::Lost, KeepAliveState::Recovered));
}

#[test]
fn a_keep_alive_that_has_nothing_to_do_leaves_the_connections_as_they_are() {
    let _alone = alone();
    let listener = listen();
    let (client, clock, queue) = (client_of(&listener), TestClock::new(), Queue::new());
    let keep_alive = keep_alive(&client, &clock, &queue);
    thread::scope(|scope| {
        scope.spawn(|| {
            let (mut connection, _) = listener.accept().unwrap();
            serve(&mut connection);
        });
        for _ in 0..3 {
            client.send(get().timeout(SOON)).unwrap();
            clock.advance(Duration::from_secs(60));
            keep_alive.status().unwrap();
            assert!(keep_alive.release(&Target::user("nobody")).is_err());
        }
        drop((keep_alive, client));
    });
}

#[test]
fn a_request_that_is_slow_alone_leaves_the_other_connections_as_they_are() {
    let _alone = alone();
    let listener = listen();
    let client = client_of(&listener);
    let (arrived, has_arrived) = mpsc::channel();
    thread::scope(|scope| {
        scope.spawn(|| {
            let (mut quick, _) = listener.accept().unwrap();
            assert!(read_request(&mut quick));
            arrived.send(()).unwrap();
            let (mut slow, _) = listener.accept().unwrap();
            assert!(read_request(&mut slow));
            answer(&mut quick);
            assert!(ends(&mut slow));
            // On a new connection, this request would not be seen here.
            assert!(read_request(&mut quick));
            answer(&mut quick);
        });
        scope.spawn(|| client.send(get()).unwrap());
        has_arrived.recv().unwrap();
        let error = client.send(get().timeout(Duration::from_millis(300))).unwrap_err();
        assert_eq!(error.status(), Status::Timeout);
        client.send(get().timeout(SOON)).unwrap();
    });
}

#[test]
fn calls_that_block_at_once_each_end_in_their_own_time() {
    let _alone = alone();
    let listener = listen(); // accepts nothing
    let client = client_of(&listener);
    thread::scope(|scope| {
        for milliseconds in [900, 600, 300] {
            let client = &client;
            scope.spawn(move || {
                let (began, timeout) = (Instant::now(), Duration::from_millis(milliseconds));
                let error = client.send(get().timeout(timeout)).unwrap_err();
                assert!(error.to_string().contains("timed out after"), "{error}");
                let took = began.elapsed();
                assert!(took >= timeout && took < timeout + Duration::from_millis(250), "{took:?}");
            });
        }
    });
}

#[test]
fn a_call_goes_on_when_the_one_that_did_its_io_has_ended() {
    let _alone = alone();
    let (slow, silent) = (listen(), listen());
    let (first, second) = (client_of(&silent), client_of(&slow));
    thread::scope(|scope| {
        scope.spawn(|| {
            let (mut connection, _) = slow.accept().unwrap();
            assert!(read_request(&mut connection));
            thread::sleep(Duration::from_millis(600)); // the first one has ended by then
            answer(&mut connection);
        });
        scope.spawn(|| first.send(get().timeout(Duration::from_millis(300))).unwrap_err());
        thread::sleep(Duration::from_millis(100)); // the first one does the I/O by now
        second.send(get()).unwrap();
    });
}

/// Sends interim answers, as many as keep who reads them busy for seconds in a debug build.
fn flood(listener: &TcpListener) {
    let (mut connection, _) = listener.accept().unwrap();
    assert!(read_request(&mut connection));
    let many = "HTTP/1.1 100 Continue\r\n\r\n".repeat(4000);
    for _ in 0..300 {
        if connection.write_all(many.as_bytes()).is_err() {
            break;
        }
    }
}

#[test]
fn a_call_ends_in_its_own_time_although_a_server_keeps_the_thread_busy_that_does_its_io() {
    let _alone = alone();
    let (flooded, silent) = (listen(), listen());
    let (first, second) = (client_of(&flooded), client_of(&silent));
    thread::scope(|scope| {
        scope.spawn(|| flood(&flooded));
        scope.spawn(|| first.send(get().timeout(Duration::from_millis(200))).unwrap_err());
        thread::sleep(Duration::from_millis(100)); // the first one does the I/O by now
        let began = Instant::now();
        let error = second.send(get().timeout(Duration::from_millis(300))).unwrap_err();
        assert_eq!(error.status(), Status::Timeout);
        assert!(began.elapsed() < Duration::from_millis(1500), "{:?}: {error}", began.elapsed());
    });
}
