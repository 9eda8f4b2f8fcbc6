"""What code that took over a worker would try; each attack returns what it got, or fails with an `OSError`.

The same functions run in an ordinary process, where they have to succeed, and in a bound worker.
"""

# An attacker calls the system as directly as he can:
# ruff: noqa: PTH101, PTH102, PTH104, PTH108, PTH110, PTH116, PTH118, PTH123, PTH208, PTH211

import contextlib
import ctypes
import errno
import fcntl
import json
import mmap
import os
import resource
import signal
import socket
import struct
import sys
from collections.abc import Callable
from typing import Any

Bait = dict[str, Any]
Attack = Callable[[Bait], object]

ATTACKS: dict[str, Attack] = {}
NEEDS_ROOT: set[str] = set()

"localhost".encode("idna")  # the first connection would import the codec, which a bound worker cannot

# x86-64 and the generic table, which arm64 has.
_NUMBERS = {
    "ptrace": (101, 117), "process_vm_readv": (310, 270), "memfd_create": (319, 279), "execveat": (322, 281),
    "add_key": (248, 217), "userfaultfd": (323, 282), "mount": (165, 40), "unshare": (272, 97),
    "setns": (308, 268), "bpf": (321, 280), "perf_event_open": (298, 241), "io_uring_setup": (425, 425),
    "pidfd_open": (434, 434), "pidfd_getfd": (438, 438), "name_to_handle_at": (303, 264), "clone": (56, 220),
    "clone3": (435, 435), "shmget": (29, 194), "inotify_init1": (294, 26),
    "tgkill": (234, 131), "chroot": (161, 51), "mq_open": (240, 180), "sethostname": (170, 161),
    "personality": (135, 92), "openat2": (437, 437), "renameat2": (316, 276), "fchmodat2": (452, 452),
    "fanotify_init": (300, 262), "mprotect": (10, 226), "pkey_mprotect": (329, 288), "tkill": (200, 130),
    "rt_sigqueueinfo": (129, 138), "process_vm_writev": (311, 271), "get_robust_list": (274, 100),
    "kcmp": (312, 272), "move_pages": (279, 239), "ioprio_set": (251, 30), "close_range": (436, 436),
    "mq_unlink": (241, 181), "msgget": (68, 186), "semget": (64, 190), "io_setup": (206, 0),
    "keyctl": (250, 219), "fsopen": (430, 430), "open_tree": (428, 428), "syslog": (103, 116),
    "open_by_handle_at": (304, 265), "seccomp": (317, 277), "modify_ldt": (154, -1),
}  # fmt: skip


def attack(function: Attack) -> Attack:
    ATTACKS[function.__name__] = function
    return function


def attack_of_root(function: Attack) -> Attack:
    NEEDS_ROOT.add(function.__name__)
    return attack(function)


def call(name: str, *arguments: object) -> int:
    column = {"x86_64": 0, "aarch64": 1}[os.uname().machine]
    libc = ctypes.CDLL(None, use_errno=True)
    libc.syscall.restype = ctypes.c_long
    plain = [ctypes.c_long(value) if isinstance(value, int) else value for value in arguments]
    result = libc.syscall(ctypes.c_long(_NUMBERS[name][column]), *plain)
    if result < 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))
    return int(result)


# Files of others, by name. The bait is open to every user, so that Landlock and not the uid has to refuse.


@attack
def reads_a_file(bait: Bait) -> object:
    with open(bait["secret"]) as file:
        return file.read()


@attack
def reads_the_password_file(bait: Bait) -> object:
    with open("/etc/passwd") as file:
        return file.readline()


@attack
def lists_a_directory(bait: Bait) -> object:
    return os.listdir(bait["directory"])


@attack
def walks_from_the_root(bait: Bait) -> object:
    return os.listdir("/")


@attack
def creates_a_file(bait: Bait) -> object:
    with open(os.path.join(bait["directory"], "created"), "w") as file:
        return file.write("x")


@attack
def appends_to_a_file(bait: Bait) -> object:
    with open(bait["victim"], "a") as file:
        return file.write("x")


@attack
def truncates_a_file(bait: Bait) -> object:
    os.truncate(bait["victim"], 0)
    return os.stat(bait["victim"]).st_size


@attack
def removes_a_file(bait: Bait) -> object:
    os.unlink(bait["victim"])
    return not os.path.exists(bait["victim"])


@attack
def renames_a_file(bait: Bait) -> object:
    os.rename(bait["victim"], bait["victim"] + ".renamed")
    return True


@attack
def hard_links_a_file(bait: Bait) -> object:
    os.link(bait["victim"], bait["victim"] + ".linked")
    return True


@attack
def makes_a_symlink(bait: Bait) -> object:
    os.symlink("/etc/passwd", bait["victim"] + ".symlink")
    return True


@attack
def makes_a_directory(bait: Bait) -> object:
    os.mkdir(bait["victim"] + ".directory")
    return True


@attack
def makes_a_fifo(bait: Bait) -> object:
    os.mkfifo(bait["victim"] + ".fifo")
    return True


@attack
def writes_to_shared_memory(bait: Bait) -> object:
    path = f"/dev/shm/sapwood-{os.getpid()}"
    with open(path, "w") as file:
        file.write("x")
    os.unlink(path)
    return True


# The dataset itself: readable, and not to be changed by any way.


@attack
def opens_the_dataset_for_writing(bait: Bait) -> object:
    fd = os.open(bait["data"], os.O_RDWR)
    os.close(fd)
    return True


@attack
def reopens_its_own_descriptor_for_writing(bait: Bait) -> object:
    with opened(bait["data"]) as fd:
        os.close(os.open(f"/proc/self/fd/{fd}", os.O_RDWR))
    return True


@attack
def changes_the_mode_of_an_open_file(bait: Bait) -> object:
    with opened(bait["data"]) as fd:
        os.fchmod(fd, 0o777)
        return oct(os.fstat(fd).st_mode)


@attack
def changes_the_times_of_an_open_file(bait: Bait) -> object:
    with opened(bait["data"]) as fd:
        os.utime(fd, (1, 1))
        return os.fstat(fd).st_mtime


@attack
def changes_the_flags_of_an_open_file(bait: Bait) -> object:
    get_flags, set_flags = 0x80086601, 0x40086602
    with opened(bait["data"]) as fd:
        flags = bytearray(fcntl.ioctl(fd, get_flags, bytes(8)))
        flags[0] |= 0x40  # no dump
        fcntl.ioctl(fd, set_flags, bytes(flags))
        return True


@attack
def takes_a_lease_on_an_open_file(bait: Bait) -> object:
    with opened(bait["data"]) as fd:
        fcntl.fcntl(fd, fcntl.F_SETLEASE, fcntl.F_RDLCK)
        return True


# Attributes of others: Landlock knows nothing of these.


@attack
def changes_a_mode(bait: Bait) -> object:
    os.chmod(bait["victim"], 0o600)
    return True


@attack
def changes_an_owner(bait: Bait) -> object:
    os.chown(bait["victim"], os.geteuid(), os.getegid())
    return True


@attack
def changes_times(bait: Bait) -> object:
    os.utime(bait["victim"], (1, 1))
    return True


@attack
def sets_an_extended_attribute(bait: Bait) -> object:
    os.setxattr(bait["victim"], "user.sapwood", b"x")
    return True


# The network.


@attack
def connects_by_tcp(bait: Bait) -> object:
    with socket.create_connection(("127.0.0.1", bait["tcp_port"]), timeout=2) as connection:
        return connection.getpeername()


@attack
def listens_on_tcp(bait: Bait) -> object:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()


@attack
def sends_a_datagram(bait: Bait) -> object:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as datagram:
        return datagram.sendto(b"x", ("127.0.0.1", bait["udp_port"]))


@attack
def connects_to_a_unix_socket(bait: Bait) -> object:
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(bait["unix_socket"])
        return True


@attack
def connects_to_an_abstract_socket(bait: Bait) -> object:
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect("\0" + bait["abstract_socket"])
        return True


@attack
def asks_the_kernel_over_netlink(bait: Bait) -> object:
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0) as netlink:
        netlink.bind((0, 0))
        return True


@attack
def makes_a_socket_pair(bait: Bait) -> object:
    one, other = socket.socketpair()
    with one, other:
        return True


# Other programs and other processes.


@attack
def executes_a_program(bait: Bait) -> object:
    sys.stdout.flush()
    os.execv("/bin/echo", ["echo", json.dumps({"got": "a program"})])


@attack
def executes_code_from_memory(bait: Bait) -> object:
    fd = call("memfd_create", ctypes.c_char_p(b"x"), 0)
    os.write(fd, b'#!/bin/sh\necho \'{"got": "a program"}\'\n')
    os.lseek(fd, 0, os.SEEK_SET)
    argv = (ctypes.c_char_p * 2)(b"x", None)
    sys.stdout.flush()
    return call("execveat", fd, ctypes.c_char_p(b""), argv, (ctypes.c_char_p * 1)(None), 0x1000)


@attack
def makes_a_file_in_memory(bait: Bait) -> object:
    return call("memfd_create", ctypes.c_char_p(b"x"), 0)


@attack
def forks(bait: Bait) -> object:
    if (child := os.fork()) == 0:
        os._exit(0)
    return os.waitpid(child, 0)


@attack
def forks_by_clone(bait: Bait) -> object:
    if (child := call("clone", signal.SIGCHLD, 0, 0, 0, 0)) == 0:
        os._exit(0)
    return os.waitpid(child, 0)


@attack
def forks_by_clone3(bait: Bait) -> object:
    arguments = struct.pack("=8Q", 0, 0, 0, 0, signal.SIGCHLD, 0, 0, 0)
    if (child := call("clone3", ctypes.c_char_p(arguments), len(arguments))) == 0:
        os._exit(0)
    return os.waitpid(child, 0)


@attack
def spawns(bait: Bait) -> object:
    return os.waitpid(os.posix_spawn("/bin/true", ["true"], {}), 0)


@attack
def signals_another_process(bait: Bait) -> object:
    os.kill(bait["process"], signal.SIGCONT)
    return True


@attack
def signals_a_thread_of_another_process(bait: Bait) -> object:
    return call("tgkill", bait["process"], bait["process"], signal.SIGCONT)


@attack
def traces_another_process(bait: Bait) -> object:
    seize, detach = 0x4206, 17
    call("ptrace", seize, bait["process"], 0, 0)
    with contextlib.suppress(OSError):
        call("ptrace", detach, bait["process"], 0, 0)
    return True


@attack
def reads_the_memory_of_another_process(bait: Bait) -> object:
    buffer = ctypes.create_string_buffer(8)
    local = struct.pack("=QQ", ctypes.addressof(buffer), 8)
    remote = struct.pack("=QQ", bait["address"], 8)
    call("process_vm_readv", bait["process"], ctypes.c_char_p(local), 1, ctypes.c_char_p(remote), 1, 0)
    return buffer.raw.decode()


@attack
def opens_the_memory_of_another_process(bait: Bait) -> object:
    fd = os.open(f"/proc/{bait['process']}/mem", os.O_RDONLY)
    try:
        return os.pread(fd, 8, bait["address"]).decode()
    finally:
        os.close(fd)


@attack
def holds_another_process(bait: Bait) -> object:
    return call("pidfd_open", bait["process"], 0)


@attack
def steals_a_descriptor(bait: Bait) -> object:
    return call("pidfd_getfd", call("pidfd_open", bait["process"], 0), 1, 0)


@attack
def limits_another_process(bait: Bait) -> object:
    return resource.prlimit(bait["process"], resource.RLIMIT_CORE, (0, resource.RLIM_INFINITY))


@attack
def slows_another_process(bait: Bait) -> object:
    os.setpriority(os.PRIO_PROCESS, bait["process"], 19)
    return os.getpriority(os.PRIO_PROCESS, bait["process"])


@attack
def moves_another_process(bait: Bait) -> object:
    os.sched_setaffinity(bait["process"], {0})
    return True


# Secrets of the process itself and of its parent.


@attack
def reads_its_environment(bait: Bait) -> object:
    found = os.environ.get(bait["variable"])
    if found is None:
        raise OSError(errno.ENOENT, "no such variable")
    return found


@attack
def reads_the_environment_of_the_parent(bait: Bait) -> object:
    with open(f"/proc/{bait['process']}/environ", "rb") as file:
        return file.read().decode()


@attack
def uses_a_descriptor_of_the_parent(bait: Bait) -> object:
    return os.pread(bait["descriptor"], 100, 0).decode()


@attack
def raises_its_own_limits(bait: Bait) -> object:
    try:
        resource.setrlimit(resource.RLIMIT_CORE, resource.getrlimit(resource.RLIMIT_CORE))
    except ValueError as error:  # what Python makes of EPERM
        raise PermissionError(errno.EPERM, str(error)) from error
    return True


@attack_of_root
def becomes_root_again(bait: Bait) -> object:
    os.setresuid(0, 0, 0)
    return os.getresuid()


@attack
def makes_machine_code(bait: Bait) -> object:
    with mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC):
        return True


@attack
def maps_a_file(bait: Bait) -> object:
    with opened(bait["data"]) as fd, mmap.mmap(fd, 1, prot=mmap.PROT_READ) as mapped:
        return mapped[0]


# The kernel's wider doors.


@attack
def opens_io_uring(bait: Bait) -> object:
    return call("io_uring_setup", 1, ctypes.create_string_buffer(120))


@attack
def adds_a_key(bait: Bait) -> object:
    process_keyring = -2
    arguments = (ctypes.c_char_p(b"user"), ctypes.c_char_p(b"sapwood"), ctypes.c_char_p(b"x"), 1)
    return call("add_key", *arguments, process_keyring)


@attack_of_root
def handles_page_faults(bait: Bait) -> object:
    return call("userfaultfd", 0)


@attack_of_root
def mounts(bait: Bait) -> object:
    tmpfs = ctypes.c_char_p(b"tmpfs")
    result = call("mount", tmpfs, ctypes.c_char_p(bait["directory"].encode()), tmpfs, 0, 0)
    ctypes.CDLL(None).umount2(bait["directory"].encode(), 2)
    return result


@attack_of_root
def unshares_the_mounts(bait: Bait) -> object:
    return call("unshare", 0x00020000)


@attack
def makes_a_user_namespace(bait: Bait) -> object:
    return call("unshare", 0x10000000)


@attack_of_root
def joins_a_namespace(bait: Bait) -> object:
    fd = os.open(f"/proc/{os.getpid()}/ns/uts", os.O_RDONLY)
    return call("setns", fd, 0)


@attack_of_root
def loads_a_bpf_map(bait: Bait) -> object:
    attributes = struct.pack("=5I", 2, 4, 4, 1, 0).ljust(128, b"\0")
    return call("bpf", 0, ctypes.c_char_p(attributes), len(attributes))


@attack_of_root
def counts_events(bait: Bait) -> object:
    size = 112
    attributes = struct.pack("=IIQ", 1, size, 0).ljust(size, b"\0")  # a software clock of this process
    return call("perf_event_open", ctypes.c_char_p(attributes), 0, -1, -1, 0)


@attack_of_root
def changes_its_root(bait: Bait) -> object:
    return call("chroot", ctypes.c_char_p(bait["directory"].encode()))


@attack
def takes_a_file_handle(bait: Bait) -> object:
    handle = ctypes.create_string_buffer(struct.pack("=I", 128), 136)
    mount_id = ctypes.c_int()
    path = ctypes.c_char_p(bait["victim"].encode())
    return call("name_to_handle_at", -100, path, handle, ctypes.byref(mount_id), 0)


@attack
def shares_memory_by_key(bait: Bait) -> object:
    segment = call("shmget", 0, 4096, 0o1600)
    ctypes.CDLL(None).shmctl(segment, 0, None)
    return True


@attack
def watches_files(bait: Bait) -> object:
    return call("inotify_init1", 0)


@attack_of_root
def renames_the_host(bait: Bait) -> object:
    name = os.uname().nodename.encode()
    return call("sethostname", ctypes.c_char_p(name), len(name))


@attack
def changes_its_personality(bait: Bait) -> object:
    no_randomisation = 0x0040000
    return call("personality", no_randomisation)


@contextlib.contextmanager
def opened(path: str) -> Any:
    fd = os.open(path, os.O_RDONLY)
    try:
        yield fd
    finally:
        os.close(fd)
