"""The same ends as in `attacks`, by calls and paths that a filter or a rule would sooner forget."""

# An attacker calls the system as directly as he can:
# ruff: noqa: PTH104, PTH105, PTH115, PTH118, PTH123, PTH211

import ctypes
import errno
import fcntl
import mmap
import os
import signal
import socket
import stat
import struct

from attacks import Bait, attack, attack_of_root, call, opened

_AT_FDCWD = -100
_PATH_ONLY = os.O_PATH | os.O_CLOEXEC
_LIBC = ctypes.CDLL(None, use_errno=True)
_INTEL = os.uname().machine == "x86_64"


def _path(path: str) -> ctypes.c_char_p:
    return ctypes.c_char_p(path.encode())


def _own(bait: Bait, name: str) -> str:
    """A file of the attacker's, in the one directory where he may write."""
    path = os.path.join(bait["own"], name)
    with open(path, "wb") as file:
        file.write(b"#!/bin/sh\nexit 0\n".ljust(4096, b"\n"))
    return path


def _prctl(option: int, value: int) -> bool:
    if _LIBC.prctl(option, ctypes.c_ulong(value), 0, 0, 0) < 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))
    return True


# Files of others, by detours.


@attack
def opens_by_the_newest_call(bait: Bait) -> object:
    how = struct.pack("=QQQ", os.O_RDONLY, 0, 0)
    fd = call("openat2", _AT_FDCWD, _path(bait["secret"]), ctypes.c_char_p(how), len(how))
    return os.read(fd, 100).decode()


@attack
def opens_through_a_path_descriptor(bait: Bait) -> object:
    directory = os.open(bait["directory"], _PATH_ONLY | os.O_DIRECTORY)
    return os.read(os.open("secret", os.O_RDONLY, dir_fd=directory), 100).decode()


@attack
def reopens_a_path_descriptor(bait: Bait) -> object:
    fd = os.open(bait["secret"], _PATH_ONLY)
    with open(f"/proc/self/fd/{fd}") as file:
        return file.read()


@attack
def opens_through_its_own_root(bait: Bait) -> object:
    with open("/proc/self/root" + bait["secret"]) as file:
        return file.read()


@attack
def opens_through_the_root_of_another_process(bait: Bait) -> object:
    with open(f"/proc/{bait['process']}/root{bait['secret']}") as file:
        return file.read()


@attack
def opens_a_descriptor_of_another_process(bait: Bait) -> object:
    with open(f"/proc/{os.getppid()}/fd/{bait['descriptor']}", "rb") as file:
        return file.read().decode()


@attack
def climbs_out_of_its_own_directory(bait: Bait) -> object:
    own = os.open(bait["own"], os.O_RDONLY | os.O_DIRECTORY)
    way_out = "/".join([".."] * bait["own"].count("/") + [bait["secret"].lstrip("/")])
    if bait["own"].startswith("/proc/self/fd/"):
        way_out = "../" * 16 + bait["secret"].lstrip("/")
    return os.read(os.open(way_out, os.O_RDONLY, dir_fd=own), 100).decode()


@attack
def reads_where_another_process_is(bait: Bait) -> object:
    return os.readlink(f"/proc/{bait['process']}/cwd")


@attack
def reads_the_command_line_of_another_process(bait: Bait) -> object:
    with open(f"/proc/{bait['process']}/cmdline", "rb") as file:
        return file.read()


@attack
def reads_a_mapping_of_another_process(bait: Bait) -> object:
    with open(f"/proc/{bait['process']}/maps") as file:
        return file.readline()


@attack
def moves_a_file_out_of_its_directory(bait: Bait) -> object:
    os.rename(_own(bait, "moved"), os.path.join(bait["directory"], "moved"))
    return True


@attack
def moves_a_file_into_its_directory(bait: Bait) -> object:
    os.rename(bait["victim"], os.path.join(bait["own"], "taken"))
    return True


@attack
def links_a_file_into_its_directory(bait: Bait) -> object:
    os.link(bait["victim"], os.path.join(bait["own"], "linked"))
    return True


@attack
def swaps_a_file_with_its_own(bait: Bait) -> object:
    exchange = 2
    mine = _path(_own(bait, "mine"))
    call("renameat2", _AT_FDCWD, _path(bait["victim"]), _AT_FDCWD, mine, exchange)
    return True


@attack
def replaces_a_file_by_its_own(bait: Bait) -> object:
    os.replace(_own(bait, "replacing"), bait["victim"])
    return True


@attack
def leaves_a_symlink_in_its_directory(bait: Bait) -> object:
    os.symlink("/etc/passwd", os.path.join(bait["own"], "way"))
    return True


@attack
def leaves_a_fifo_in_its_directory(bait: Bait) -> object:
    os.mkfifo(os.path.join(bait["own"], "fifo"))
    return True


@attack
def leaves_a_program_of_everybodys_in_its_directory(bait: Bait) -> object:
    path = _own(bait, "program")
    os.chmod(path, 0o4755)  # noqa: PTH101
    return True


@attack_of_root
def makes_a_device(bait: Bait) -> object:
    os.mknod(os.path.join(bait["own"], "device"), stat.S_IFCHR | 0o600, os.makedev(1, 3))
    return True


@attack
def truncates_by_opening(bait: Bait) -> object:
    os.close(os.open(bait["victim"], os.O_WRONLY | os.O_TRUNC))
    return True


@attack
def changes_a_mode_by_the_newest_call(bait: Bait) -> object:
    call("fchmodat2", _AT_FDCWD, _path(bait["victim"]), 0o600, 0)
    return True


@attack
def removes_an_extended_attribute(bait: Bait) -> object:
    try:
        os.removexattr(bait["victim"], "user.nobody_has_this")
    except OSError as error:
        if error.errno != errno.ENODATA:
            raise
    return True


@attack
def changes_times_through_a_directory(bait: Bait) -> object:
    directory = os.open(bait["directory"], _PATH_ONLY | os.O_DIRECTORY)
    os.utime("victim", (1, 1), dir_fd=directory)
    return True


@attack_of_root
def watches_all_files(bait: Bait) -> object:
    return call("fanotify_init", 0, os.O_RDONLY)


@attack
def opens_a_terminal(bait: Bait) -> object:
    return os.openpty()


# Programs and machine code.


@attack
def executes_a_file_it_wrote(bait: Bait) -> object:
    path = _own(bait, "program")
    fd = os.open(path, os.O_RDONLY)
    os.set_inheritable(fd, True)
    if not bait["own"].startswith("/proc"):
        os.chmod(path, 0o755)  # noqa: PTH101
    argv = (ctypes.c_char_p * 2)(b"x", None)
    print('{"got": "a program"}', flush=True)
    return call("execveat", fd, ctypes.c_char_p(b""), argv, (ctypes.c_char_p * 1)(None), 0x1000)


@attack
def maps_its_own_file_as_code(bait: Bait) -> object:
    with open(_own(bait, "code"), "rb") as file:
        return len(mmap.mmap(file.fileno(), 4096, prot=mmap.PROT_READ | mmap.PROT_EXEC))


@attack
def turns_its_memory_into_code(bait: Bait) -> object:
    area = mmap.mmap(-1, 4096)
    address = ctypes.addressof(ctypes.c_char.from_buffer(area))
    call("mprotect", address, 4096, mmap.PROT_READ | mmap.PROT_EXEC)
    return True


@attack
def turns_its_memory_into_code_by_a_key(bait: Bait) -> object:
    area = mmap.mmap(-1, 4096)
    address = ctypes.addressof(ctypes.c_char.from_buffer(area))
    call("pkey_mprotect", address, 4096, mmap.PROT_READ | mmap.PROT_EXEC, -1)
    return True


@attack
def writes_into_its_own_code(bait: Bait) -> object:
    address = ctypes.cast(_LIBC.getpid, ctypes.c_void_p).value or 0
    with open("/proc/self/mem", "r+b", buffering=0) as memory:
        memory.seek(address)
        code = memory.read(1)
        memory.seek(address)
        return memory.write(code)


# Other processes, above all the parent.


@attack
def signals_its_parent(bait: Bait) -> object:
    os.kill(os.getppid(), signal.SIGCONT)
    return True


@attack
def signals_everybody(bait: Bait) -> object:
    os.kill(-1, 0)
    return True


@attack
def signals_with_a_word(bait: Bait) -> object:
    information = struct.pack("=iiii", signal.SIGCONT, 0, -1, 0).ljust(128, b"\0")
    call("rt_sigqueueinfo", bait["process"], signal.SIGCONT, ctypes.c_char_p(information))
    return True


@attack
def signals_by_the_oldest_call(bait: Bait) -> object:
    call("tkill", bait["process"], signal.SIGCONT)
    return True


@attack
def has_the_kernel_signal_another_process(bait: Bait) -> object:
    with opened(bait["data"]) as fd:
        fcntl.fcntl(fd, 8, bait["process"])  # F_SETOWN
        return True


@attack
def leaves_its_process_group(bait: Bait) -> object:
    os.setpgid(0, 0)
    return True


@attack
def outlives_its_parent(bait: Bait) -> object:
    return _prctl(1, 0)  # PR_SET_PDEATHSIG


@attack
def lets_itself_be_dumped_again(bait: Bait) -> object:
    return _prctl(4, 1)  # PR_SET_DUMPABLE


@attack
def becomes_the_parent_of_orphans(bait: Bait) -> object:
    return _prctl(36, 1)  # PR_SET_CHILD_SUBREAPER


@attack
def reads_the_memory_of_its_parent(bait: Bait) -> object:
    parent = os.getppid()
    with open(f"/proc/{parent}/maps") as maps:
        address = int(next(line for line in maps if " r" in line).partition("-")[0], 16)
    fd = os.open(f"/proc/{parent}/mem", os.O_RDONLY)
    return os.pread(fd, 8, address)


@attack
def writes_the_memory_of_another_process(bait: Bait) -> object:
    buffer = ctypes.create_string_buffer(b"swordfish")
    local = struct.pack("=QQ", ctypes.addressof(buffer), 8)
    remote = struct.pack("=QQ", bait["address"], 8)
    pointers = (ctypes.c_char_p(local), 1, ctypes.c_char_p(remote), 1)
    return call("process_vm_writev", bait["process"], *pointers, 0)


@attack
def learns_an_address_of_another_process(bait: Bait) -> object:
    head, length = ctypes.c_void_p(), ctypes.c_size_t()
    call("get_robust_list", bait["process"], ctypes.byref(head), ctypes.byref(length))
    return length.value


@attack
def compares_itself_with_another_process(bait: Bait) -> object:
    files = 2
    call("kcmp", os.getpid(), bait["process"], files, 0, 0)
    return True


@attack
def finds_the_pages_of_another_process(bait: Bait) -> object:
    page = ctypes.c_void_p(bait["address"] & ~4095)
    found = ctypes.c_int()
    call("move_pages", bait["process"], 1, ctypes.byref(page), None, ctypes.byref(found), 0)
    return True


@attack_of_root
def takes_the_processor(bait: Bait) -> object:
    os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1))
    return True


@attack
def delays_the_reading_of_another_process(bait: Bait) -> object:
    process, idle = 1, 3 << 13
    call("ioprio_set", process, bait["process"], idle)
    return True


@attack
def makes_a_namespace_by_clone(bait: Bait) -> object:
    if (child := call("clone", 0x10000000 | signal.SIGCHLD, 0, 0, 0, 0)) == 0:
        os._exit(0)
    return os.waitpid(child, 0)


@attack
def hides_its_descriptors(bait: Bait) -> object:
    unshare = 2
    call("close_range", 900, 1000, unshare)  # from here on this thread's are its own, and show nowhere
    return True


@attack
def passes_a_descriptor_on(bait: Bait) -> object:
    with socket.socket(fileno=os.dup(bait["socket"])) as connection, opened(bait["data"]) as fd:
        return socket.send_fds(connection, [b"\0"], [fd])


@attack
def asks_for_descriptors(bait: Bait) -> object:
    with socket.socket(fileno=os.dup(bait["socket"])) as connection:
        return socket.recv_fds(connection, 0, 1, socket.MSG_DONTWAIT)[0] == b""


# What processes share.


@attack
def opens_a_message_queue(bait: Bait) -> object:
    name = f"sapwood-{os.getpid()}"
    call("mq_open", _path(name), os.O_CREAT | os.O_RDWR, 0o600, None)
    call("mq_unlink", _path(name))
    return True


@attack
def leaves_messages_by_key(bait: Bait) -> object:
    queue = call("msgget", 0, 0o1600)
    _LIBC.msgctl(queue, 0, None)
    return True


@attack
def shares_a_semaphore_by_key(bait: Bait) -> object:
    semaphore = call("semget", 0, 1, 0o1600)
    _LIBC.semctl(semaphore, 0, 0)
    return True


@attack
def has_its_pages_merged_with_others(bait: Bait) -> object:
    mergeable = 12
    area = mmap.mmap(-1, 4096)
    area.madvise(mergeable)
    return True


# The kernel's wider doors.


@attack
def queues_reading(bait: Bait) -> object:
    context = ctypes.c_ulong()
    call("io_setup", 1, ctypes.byref(context))
    return context.value


@attack
def joins_a_session_of_keys(bait: Bait) -> object:
    return call("keyctl", 1, None)


@attack
def handles_its_own_page_faults(bait: Bait) -> object:
    user_mode_only = 1
    return call("userfaultfd", user_mode_only)


@attack_of_root
def opens_a_filesystem(bait: Bait) -> object:
    return call("fsopen", ctypes.c_char_p(b"tmpfs"), 0)


@attack_of_root
def copies_a_mount(bait: Bait) -> object:
    clone = 1
    return call("open_tree", _AT_FDCWD, _path("/"), clone)


@attack_of_root
def reads_the_kernels_log(bait: Bait) -> object:
    size_of_the_buffer = 10
    return call("syslog", size_of_the_buffer, None, 0)


@attack_of_root
def opens_a_file_by_its_handle(bait: Bait) -> object:
    handle = ctypes.create_string_buffer(struct.pack("=I", 128), 136)
    mount_id = ctypes.c_int()
    call("name_to_handle_at", _AT_FDCWD, _path(bait["secret"]), handle, ctypes.byref(mount_id), 0)
    with opened(bait["directory"]) as directory:
        return os.read(call("open_by_handle_at", directory, handle, os.O_RDONLY), 100).decode()


@attack
def adds_a_filter_that_it_answers_itself(bait: Bait) -> object:
    _prctl(38, 1)
    allow = struct.pack("=HBBI", 0x06, 0, 0, 0x7FFF0000)
    code = ctypes.create_string_buffer(allow)
    program = struct.pack("@HP", 1, ctypes.addressof(code))
    set_filter, new_listener = 1, 8
    return call("seccomp", set_filter, new_listener, ctypes.c_char_p(program))


if _INTEL:

    @attack
    def changes_its_segments(bait: Bait) -> object:
        buffer = ctypes.create_string_buffer(64)
        call("modify_ldt", 0, buffer, 64)
        return True
