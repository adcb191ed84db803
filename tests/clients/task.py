"""A client of `sigemu task`, in another language than sigemu: what a server does, and what can go wrong.

Every line that comes is checked against the committed JSON Schema, and every request that is meant to be good as well.
"""

import argparse
import base64
import json
import os
import pathlib
import resource
import signal
import statistics
import subprocess
import sys
import tempfile
import time

import jsonschema

OPTIONS = argparse.ArgumentParser()
for option in ["sigemu", "schemas", "hostile", "affine", "faults", "look", "characters", "sum", "ways"]:
    OPTIONS.add_argument(f"--{option}", required=True)
PATHS = OPTIONS.parse_args()


def validator(name):
    schema = json.loads((pathlib.Path(PATHS.schemas) / name).read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


TASK, EVENT = validator("task.json"), validator("event.json")


class Ended:
    """The events of a task, and the exit status of the command."""

    def __init__(self, lines, status, errors):
        self.events = [json.loads(line) for line in lines]
        self.status = status
        assert errors == b"", errors
        for event in self.events:
            EVENT.validate(event)

    def of(self, kind):
        return [event for event in self.events if event["Event"] == kind]

    @property
    def result(self):
        last = self.events[-1]
        assert last["Event"] == "Result", last
        assert len(self.of("Result")) == 1
        transitions = [{key: value for key, value in event.items() if key != "Event"} for event in self.of("Status")]
        assert last["StatusTransitions"] == transitions
        times = [transition["Timestamp"] for transition in transitions]
        assert times == sorted(times)
        assert abs(times[-1] / 1000 - time.time()) < 600, "milliseconds since 1970"
        return last

    @property
    def states(self):
        return [event["Status"] for event in self.of("Status")]

    def stream(self, name):
        parts = [event for event in self.of("Output") if event["Stream"] == name]
        return b"".join(
            part["Text"].encode() if "Text" in part else base64.b64decode(part["Base64"], validate=True) for part in parts
        )


class Running:
    """A task that is under way."""

    def __init__(self, request, *arguments, text=None, stdin=subprocess.PIPE):
        if text is None:
            TASK.validate(request)
            text = json.dumps(request).encode()
        self.file = None
        command = [PATHS.sigemu, "task", *arguments]
        if stdin is not subprocess.PIPE:
            self.file = tempfile.NamedTemporaryFile(suffix=".json")
            self.file.write(text)
            self.file.flush()
            command.append(self.file.name)
        self.process = subprocess.Popen(command, stdin=stdin, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        if stdin is subprocess.PIPE:
            self.process.stdin.write(text)
            self.process.stdin.close()
        self.lines = []

    def wait_for(self, what):
        """Reads events until one holds this text."""
        while True:
            line = self.process.stdout.readline()
            assert line, f"no {what} came"
            self.lines.append(line)
            if what.encode() in line:
                return

    def end(self):
        self.lines += self.process.stdout.readlines()
        errors = self.process.stderr.read()
        return Ended(self.lines, self.process.wait(timeout=60), errors)


def run(request, *arguments, **options):
    return Running(request, *arguments, **options).end()


def program(path, **fields):
    return {"Program": {"Path": path}, **fields}


ENDING = ["Accepted", "Initialising", "In Progress"]


def success():
    ended = run(program(PATHS.affine, Core="C0-XS", Seed=7))
    assert ended.status == 0 and ended.states == [*ENDING, "Completed"]
    result = ended.result
    assert (result["Status"], result["ExitCode"], result["Limit"]) == ("Completed", 0, None)
    stats = result["Stats"]
    assert stats["DynamicInstructions"] > 1000 and 0 < stats["ProcessorTime"] < 60
    assert 0 <= stats["ExecutionTimeInMilliseconds"] < 60_000
    output = ended.stream("Stdout")
    [value] = ended.of("Value")
    text = output[value["Offset"] : value["Offset"] + value["Length"]].decode()
    assert text.startswith(value["Particle"] + "Ux") and output == text.encode() + b"\n"
    # 100000 (1 + U(0.05, 0.07)): its mean is 106000.
    assert abs(value["Mean"] - 106_000) < 1 and value["Diracs"] == 32
    # The program itself in the request, another form of core, plain printing.
    core = {"Class": "C0", "Microarchitecture": "Athens", "Precision": 32, "MemorySize": 64_000_000, "CorrelationTracking": "Disable"}
    elf = base64.b64encode(pathlib.Path(PATHS.affine).read_bytes()).decode()
    same = run({"Program": {"Base64": elf}, "Core": core, "Seed": 7})
    assert same.stream("Stdout") == output
    plain = run(program(PATHS.affine, Core="C0-XS", Printing="Particle"))
    assert plain.stream("Stdout") == value["Particle"].encode() + b"\n" and plain.of("Value") == []


def failure():
    ended = run(program(PATHS.faults, Core="C0-Bypass", Arguments="read"))
    assert ended.status == 0 and ended.states == [*ENDING, "Completed"]
    assert ended.result["ExitCode"] == 139 and "SIGSEGV" in ended.result["Message"], ended.result
    ended = run(program(PATHS.hostile, Core="C0-Bypass"))
    assert (ended.status, ended.result["ExitCode"]) == (0, 1)
    # What cannot be started is accepted and then stopped.
    for request in [
        program("/nowhere/app.elf"),
        program(sys.executable),
        {"Program": {"Base64": "AAAA"}},
        program(PATHS.affine, DataSources=[{"Location": "/data", "ResourceID": "/nowhere/at/all"}]),
        program(PATHS.affine, DataSources=[{"Location": "/data", "ResourceID": "/"}], WorkingDirectory="/data/nowhere/at/all"),
    ]:
        ended = run(request)
        assert ended.status == 2 and ended.states == ["Accepted", "Initialising", "Stopped"], (request, ended.events)
        assert ended.result["ExitCode"] is None and ended.result["Stats"] is None and ended.result["Message"]


def cancelled():
    for number in [signal.SIGTERM, signal.SIGINT]:
        for way, core in [("plain", "C0-Bypass"), ("sleep", "C0-Bypass"), ("distributions", "C0-XL")]:
            running = Running(program(PATHS.hostile, Core=core, Arguments=[way]))
            running.wait_for("ready")
            running.process.send_signal(number)
            ended = running.end()
            assert ended.status == 130 and ended.states == [*ENDING, "Cancelled"], (way, ended.events)
            assert ended.result["Status"] == "Cancelled" and ended.result["Stats"]["DynamicInstructions"] > 0
    # A read from a pipe that never delivers.
    reader, writer = os.pipe()
    running = Running(
        program(PATHS.hostile, Core="C0-Bypass", Arguments=["input"], StandardInput="Inherit"),
        stdin=reader,
    )
    running.wait_for("ready")
    running.process.send_signal(signal.SIGTERM)
    assert running.end().result["Status"] == "Cancelled"
    os.close(reader)
    os.close(writer)


def limited():
    for way, limits, name in [
        ("plain", {"Instructions": 100_000}, "Instructions"),
        ("plain", {"ProcessorTimeInMilliseconds": 50}, "ProcessorTimeInMilliseconds"),
        ("sleep", {"WallTimeInMilliseconds": 50}, "WallTimeInMilliseconds"),
        ("memory", {"Memory": 20_000_000}, "Memory"),
        ("output", {"OutputBytes": 5000}, "OutputBytes"),
        ("write", {"WrittenBytes": 500_000}, "WrittenBytes"),
        ("duplicates", {"OpenFiles": 8}, "OpenFiles"),
        ("keep", {"DistributionMemory": 2_000_000}, "DistributionMemory"),
    ]:
        with tempfile.TemporaryDirectory() as folder:
            ended = run(
                program(
                    PATHS.hostile,
                    Core="C0-XS",
                    Arguments=[way],
                    Limits=limits,
                    DataSources=[{"Location": "/data", "ResourceID": folder, "ResourceType": "Directory", "Writable": True}],
                )
            )
            size = sum(file.stat().st_size for file in pathlib.Path(folder).iterdir())
        assert ended.status == 124 and ended.states == [*ENDING, "Stopped"], (way, ended.events[-3:])
        assert ended.result["Limit"] == name and ended.result["ExitCode"] == 124, (way, ended.result)
        if name == "OutputBytes":
            assert len(ended.stream("Stdout")) == 5000
        if name == "WrittenBytes":
            assert 0 < size <= 500_000


def garbage():
    good = json.dumps(program(PATHS.affine)).encode()
    for text in [
        b"",
        b"\0\xff\xfe",
        b"{",
        b"[]",
        b"null",
        b"{}",
        good[:-1],
        good + b"x",
        b"[" * 100_000,
        json.dumps(program(PATHS.affine, Colour="red")).encode(),
        json.dumps(program(PATHS.affine, Seed=-1)).encode(),
        json.dumps(program(PATHS.affine, Limits={"Instructions": "many"})).encode(),
        json.dumps(program(PATHS.affine, Limits={"instructions": 1})).encode(),
        json.dumps(program(PATHS.affine, StandardInput="Inherit")).encode(),
        json.dumps(program(PATHS.affine, TraceVariables=[{"File": "a.c", "LineNumber": 1, "Expression": "x"}])).encode(),
        json.dumps(program(PATHS.affine, DataSources=[{"Location": "/", "ResourceID": "x", "ResourceType": "Gateway"}])).encode(),
        json.dumps({"Program": {"Base64": "not base64!"}}).encode(),
        json.dumps(program(PATHS.affine, StandardInput={"Base64": "!!!"})).encode(),
        json.dumps(program(PATHS.affine, Core="C0-FOO")).encode(),
        json.dumps(program(PATHS.affine, Core={"Microarchitecture": "Athens", "Precision": 3, "MemorySize": 64_000_000})).encode(),
        json.dumps(program(PATHS.affine, Arguments="3 'a name")).encode(),
        json.dumps(program(PATHS.affine, Arguments=["a\0b"])).encode(),
        json.dumps(program(PATHS.affine, Core="C0-S", Reference={})).encode(),
        json.dumps(program(PATHS.affine, Core="C0-Reference", Reference={"Shard": "5/2"})).encode(),
        json.dumps(program(PATHS.affine, WorkingDirectory="data")).encode(),
        json.dumps(program(PATHS.affine, WorkingDirectory="/data")).encode(),
        json.dumps(program(PATHS.affine, DataSources=[{"Location": "data", "ResourceID": "/"}])).encode(),
    ]:
        ended = run(None, text=text)
        assert ended.status == 2 and [event["Event"] for event in ended.events] == ["Error"], (text[:100], ended.events)
        assert ended.events[0]["Message"].startswith("not a task"), ended.events


def streams():
    """Input goes in and output comes out, byte for byte, and events hold whole characters."""
    # Small writes are gathered: two events would do, and some more where the machine stands still.
    ended = run(program(PATHS.characters, Core="C0-Bypass", Arguments=["many"]))
    assert ended.stream("Stdout") == b"0123456789" * 10_000
    print(len(ended.of("Output")), "events for 100000 writes")
    assert len(ended.of("Output")) < 1000
    ended = run(program(PATHS.characters, Core="C0-Bypass", Arguments=["many"], Limits={"OutputBytes": 70_001}))
    assert ended.result["Limit"] == "OutputBytes" and len(ended.stream("Stdout")) == 70_001
    # The order between the streams is that of the writes.
    ended = run(program(PATHS.characters, Core="C0-Bypass", Arguments=["both"]))
    events = [(event["Stream"], event["Text"]) for event in ended.of("Output")]
    written = [(["Stdout", "Stderr"][i // 3 % 2], "abcdefghij"[i % 10]) for i in range(1000)]
    assert [(stream, character) for stream, text in events for character in text] == written
    # A question is there before its answer.
    reader, writer = os.pipe()
    running = Running(
        program(PATHS.characters, Core="C0-Bypass", Arguments=["echo"], StandardInput="Inherit"),
        stdin=reader,
    )
    running.wait_for('"?"')
    for letter in "abc":
        os.write(writer, letter.encode())
        running.wait_for(f'"Text":"{letter}"')
    os.close(writer)
    assert running.end().stream("Stdout") == b"?abc"
    os.close(reader)
    # Half a character waits for its other half, and does not move the values behind it.
    ended = run(program(PATHS.characters, Core="C0-XS", Arguments=["cut"]))
    [value] = ended.of("Value")
    text = ended.stream("Stdout")
    assert text.startswith("\u20ac 1.5Ux".encode()) and value["Offset"] == 4, (text, value)
    assert all("Text" in event for event in ended.of("Output"))
    folder = tempfile.TemporaryDirectory()
    secret = pathlib.Path(folder.name) / "secret"
    secret.write_text("SECRET")
    data = pathlib.Path(folder.name) / "data"
    data.mkdir()
    (data / "file").write_text("data")
    sources = [{"Location": "/data", "ResourceID": str(data)}]
    ways = ["/data/file", "/data/../secret", str(secret), "../secret", "/etc/passwd"]
    ended = run(program(PATHS.look, Core="C0-Bypass", Arguments=ways, DataSources=sources))
    seen = ended.stream("Stdout")
    assert b"SECRET" not in seen and b"root:" not in seen and b"/data/file: 'data'" in seen, seen
    folder.cleanup()


def reference_core(precision):
    return {"Microarchitecture": "Reference", "Precision": precision, "MemorySize": 64_000_000}


def samples(file, value):
    """The samples of a value, by the command that reads values files."""
    command = [PATHS.sigemu, "samples", file, "--count", "100000", "--only", value]
    return [float(line) for line in subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()]


def executions():
    """Reference cores: many executions, their values in events, their samples in a file."""
    folder = tempfile.TemporaryDirectory()
    path = lambda name: os.path.join(folder.name, name)

    def task(guest, precision, file, **fields):
        reference = {"Values": path(file), **fields.pop("Reference", {})}
        return program(guest, Core=reference_core(precision), Reference=reference, Deterministic=True, **fields)

    ended = run(task(PATHS.sum, 10_000, "one", Reference={"Threads": 1}))
    assert ended.status == 0 and ended.states == [*ENDING, "Completed"]
    assert ended.result["Executions"] == {"Made": 10_000, "Failed": 0}
    assert ended.result["Stats"]["DynamicInstructions"] > 10_000
    [value] = ended.of("Value")
    output = ended.stream("Stdout")
    text = output[value["Offset"] : value["Offset"] + value["Length"]].decode()
    assert text == value["Particle"] + value["ValueID"] and output == f"sum {text}\n".encode()
    # The sum of two uniform numbers: mean 1, standard deviation sqrt(1/6). Five standard errors.
    figures = value["Samples"]
    assert figures["Count"] == 10_000 and figures["NotFinite"] == 0 and value["Diracs"] is None
    assert abs(value["Mean"] - 1) < 5 * (1 / 6) ** 0.5 / 100
    assert 0 <= figures["Minimum"] < 0.1 and 1.9 < figures["Maximum"] <= 2
    kept = samples(path("one"), "sum")
    assert len(kept) == 10_000 and abs(kept[0] - float(value["Particle"])) < 1e-6
    assert abs(statistics.fmean(kept) - value["Mean"]) < 1e-12
    assert abs(statistics.stdev(kept) - figures["StandardDeviation"]) < 1e-12
    assert (min(kept), max(kept)) == (figures["Minimum"], figures["Maximum"])

    # However it is run: the same values, the same file.
    whole = pathlib.Path(path("one")).read_bytes()
    for file, arguments, reference in [("many", [], {"Threads": 4}), ("caged", ["--sandbox"], {}), ("most", [], {"Threads": 10**9})]:
        again = run(task(PATHS.sum, 10_000, file, Reference=reference), *arguments)
        if "sandbox" in again.result["Message"]:
            print("not checked: executions inside the sandbox:", again.result["Message"])
            continue
        assert again.of("Value") == [value], (file, again.events)
        assert pathlib.Path(path(file)).read_bytes() == whole, file
    alone = run(program(PATHS.sum, Core=reference_core(10_000), Deterministic=True))
    assert alone.of("Value") == [value], "without a file the figures are the same"
    parts = [run(task(PATHS.sum, 10_000, f"part{n}", Reference={"Shard": f"{n}/3"})) for n in (1, 2, 3)]
    assert [part.stream("Stdout") for part in parts] == [output, b"", b""]
    assert sum(part.of("Value")[0]["Samples"]["Count"] for part in parts) == 10_000
    subprocess.run([PATHS.sigemu, "merge", path("all"), *(path(f"part{n}") for n in (1, 2, 3))], check=True)
    assert pathlib.Path(path("all")).read_bytes() == whole

    # Executions that go different ways: a value that the first one does not print has no place in its output.
    ended = run(task(PATHS.ways, 200, "ways", Limits={"Instructions": 100_000}))
    assert ended.result["Executions"]["Failed"] > 0 and ended.of("Remark")
    places = {value["ValueID"]: value["Offset"] for value in ended.of("Value")}
    for name, offset in places.items():
        assert (offset is None) == (name.encode() not in ended.stream("Stdout"))
    assert len(places) == 3

    # One in ten of these never ends: somebody else must end them.
    for arguments in [], ["--sandbox"]:
        running = Running(task(PATHS.ways, 1_000_000, "cancelled"), *arguments)
        running.wait_for(" end ")
        running.process.send_signal(signal.SIGTERM)
        ended = running.end()
        if "sandbox" in ended.result["Message"]:
            continue
        assert ended.status == 130 and ended.states == [*ENDING, "Cancelled"], ended.events
        made = ended.result["Executions"]["Made"]
        assert made < 1_000_000 and all(value["Samples"]["Count"] <= made for value in ended.of("Value"))
        assert pathlib.Path(path("cancelled")).read_bytes().endswith(b"SIGEMUVE"), "what was made can be read"
    for limits, name in [
        ({"ProcessorTimeInMilliseconds": 100}, "ProcessorTimeInMilliseconds"),
        ({"WallTimeInMilliseconds": 100}, "WallTimeInMilliseconds"),
        ({"OutputBytes": 3}, "OutputBytes"),
        ({"Memory": 1_000_000}, "Memory"),
    ]:
        ended = run(task(PATHS.ways, 1_000_000, "limited", Limits=limits))
        assert (ended.status, ended.result["Limit"]) == (124, name), ended.events
    ended = run(task(PATHS.sum, 100_000, "limited", Limits={"WrittenBytes": 5_000}))
    assert ended.result["Limit"] == "WrittenBytes"
    assert os.path.getsize(path("limited")) <= 5_000 and ended.result["Executions"]["Made"] > 200
    ended = run(task(PATHS.sum, 100, "limited", Limits={"Instructions": 10}))
    assert (ended.status, ended.result["Limit"]) == (124, "Instructions"), ended.events

    for request in [
        task(PATHS.sum, 100, "no/such/folder"),
        task(PATHS.sum, 100, "."),
        task("/nowhere/app.elf", 100, "refused"),
    ]:
        ended = run(request)
        assert ended.status == 2 and ended.result["Status"] == "Stopped" and ended.result["ExitCode"] is None, ended.events
    assert not os.path.exists(path("refused"))
    folder.cleanup()


def signals():
    """SIGTERM at every stage: a task that was accepted has a result, and one that was not says nothing."""
    seen = set()
    for number in range(60):
        arguments = ["--sandbox"] if number % 2 else []
        running = Running(program(PATHS.hostile, Core="C0-Bypass", Arguments=["plain"]), *arguments)
        time.sleep(number * 0.0005)
        running.process.send_signal(signal.SIGTERM)
        lines = running.process.stdout.readlines()
        status = running.process.wait(timeout=60)
        assert running.process.stderr.read() == b""
        if not lines:
            assert status == -signal.SIGTERM
            seen.add("nothing")
            continue
        ended = Ended(lines, status, b"")
        if "sandbox" in ended.result["Message"]:
            continue
        assert status == 130 and ended.result["Status"] == "Cancelled", ended.events
        seen.add("cancelled")
    assert "cancelled" in seen, seen


def gone():
    """A client that goes away, or has no room: the task ends, and does not say that it has been done."""
    request = program(PATHS.hostile, Core="C0-Bypass", Arguments=["output"])
    for lines in [1, 4, 20]:
        running = Running(request)
        for _ in range(lines):
            running.process.stdout.readline()
        running.process.stdout.close()
        assert running.process.wait(timeout=60) == 130
        assert running.process.stderr.read() == b""
    with tempfile.NamedTemporaryFile(suffix=".json") as file, open("/dev/full", "w") as full:
        file.write(json.dumps(request).encode())
        file.flush()
        ended = subprocess.run([PATHS.sigemu, "task", file.name], stdout=full, stderr=subprocess.PIPE, timeout=60)
        assert ended.returncode == 2 and b"No space left" in ended.stderr, ended
    # A client that reads nothing, and then cancels.
    running = Running(request)
    time.sleep(0.2)
    running.process.send_signal(signal.SIGTERM)
    assert running.process.wait(timeout=60) == 130
    running.process.stdout.close()


def poor():
    """Few file descriptors, no room: a task that cannot be run says so."""
    seen = set()
    sources = [{"Location": f"/{name}", "ResourceID": "/tmp"} for name in "abcd"]
    # With three, the streams, the dynamic linker finds no library.
    for count in range(4, 16):
        with tempfile.NamedTemporaryFile(suffix=".json") as file:
            file.write(json.dumps(program(PATHS.affine, Core="C0-XS", DataSources=sources)).encode())
            file.flush()
            ended = subprocess.run(
                [PATHS.sigemu, "task", file.name],
                capture_output=True,
                timeout=60,
                preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (count, count)),
            )
        assert ended.returncode in (0, 2) and b"panicked" not in ended.stderr, (count, ended)
        if ended.stdout:
            last = json.loads(ended.stdout.splitlines()[-1])
            EVENT.validate(last)
            assert last["Event"] == "Error" or (last["Status"] == "Completed") == (ended.returncode == 0), last
        seen.add(ended.returncode)
    assert seen == {0, 2}, seen
    # A limit of the operating system on file sizes: the samples do not fit, and the task says so.
    with tempfile.NamedTemporaryFile(suffix=".json") as file, tempfile.TemporaryDirectory() as folder:
        values = {"Values": os.path.join(folder, "values")}
        file.write(json.dumps(program(PATHS.sum, Core=reference_core(10_000), Reference=values)).encode())
        file.flush()
        ended = subprocess.run(
            [PATHS.sigemu, "task", file.name],
            capture_output=True,
            timeout=60,
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, 10_000)),
        )
    last = json.loads(ended.stdout.splitlines()[-1])
    assert (ended.returncode, ended.stderr, last["Status"]) == (2, b"", "Stopped"), (ended, last)
    assert "cannot be written" in last["Message"], last


def together():
    """64 tasks at once."""
    many = [Running(program(PATHS.affine, Core="C0-XS", Seed=number % 4)) for number in range(64)]
    outputs = [running.end().stream("Stdout") for running in many]
    assert outputs == outputs[:4] * 16


def sandboxed():
    """Both parts of the sandbox are in force, or the task does not run and says what is missing."""
    running = Running(program(PATHS.hostile, Core="C0-Bypass", Arguments=["sleep"]), "--sandbox")
    first = running.process.stdout.readline()
    running.lines.append(first)
    second = running.process.stdout.readline()
    third = running.process.stdout.readline()
    running.lines += [second, third]
    if b"Stopped" in third:
        ended = running.end()
        assert ended.status == 2 and "sandbox" in ended.result["Message"], ended.result
        print("not checked: a task inside the sandbox:", ended.result["Message"])
        return
    running.wait_for("ready")
    threads = list(pathlib.Path(f"/proc/{running.process.pid}/task").iterdir())
    assert len(threads) >= 2, "the one that runs the guest, and the one that waits for signals"
    for thread in threads:
        status = (thread / "status").read_text()
        fields = dict(line.split(":\t", 1) for line in status.splitlines() if ":\t" in line)
        assert fields["Seccomp"] == "2" and fields["NoNewPrivs"] == "1" and int(fields["Seccomp_filters"]) >= 2, fields
    running.process.send_signal(signal.SIGTERM)
    assert running.end().result["Status"] == "Cancelled"
    with tempfile.TemporaryDirectory() as folder:
        sources = [{"Location": "/data", "ResourceID": folder, "Writable": True}]
        limits = {"WrittenBytes": 500_000, "WallTimeInMilliseconds": 60_000}
        request = program(PATHS.hostile, Core="C0-XS", Arguments=["write"], DataSources=sources, Limits=limits)
        assert run(request, "--sandbox").result["Limit"] == "WrittenBytes"
    assert run(program(PATHS.affine, Core="C0-XS"), "--sandbox").result["ExitCode"] == 0


for scenario in [success, failure, cancelled, limited, garbage, streams, executions, signals, gone, poor, together, sandboxed]:
    scenario()
    print(scenario.__name__)
