import { bootOf } from "../shell/boot.ts";

/**
 * Writes, reads and removes a file that holds a secret, on its own machine (docs/decisions/0023; in Python for the reasons
 * of 0021). Its folder is reached from the root on without following a link, and has to be one that root alone can list and
 * write, without access lists; the file is reached through that folder.
 *
 * Reads from stdin, to write: owner and mode, then NUL and the value; to remove: the value. Prints what became of it as JSON.
 */
export const secretProgram = String.raw`
import base64, json, os, stat, sys

action, path = sys.argv[1], os.fsencode(sys.argv[3])
above, _, name = path.rpartition(b"/")
spare = b"." + name
flags = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW
lists = ("system.posix_acl_access", "system.posix_acl_default", "system.nfs4_acl", "system.nfs4_acl_xdr")


class Refused(Exception):
    pass


def guarded(fd):
    found = os.fstat(fd)
    if found.st_uid != 0 or found.st_mode & 0o066:
        raise Refused("open_folder")
    for kind in lists:
        try:
            os.getxattr(fd, kind)
        except OSError:
            continue
        raise Refused("access_list")
    return fd


def folder():
    here = os.open("/", flags)
    steps = [step for step in above.split(b"/") if step]
    for at, step in enumerate(steps):
        try:
            inner = os.open(step, flags, dir_fd=here)
        except FileNotFoundError:
            if at + 1 < len(steps):
                raise Refused("no_parent")
            if action != "write":
                return None
            os.mkdir(step, 0o700, dir_fd=here)
            inner = os.open(step, flags, dir_fd=here)
            # Whoever may write above could have put another folder in its place.
            if os.fstat(inner).st_uid != os.geteuid() or os.listdir(inner):
                raise Refused("no_folder")
            os.fchown(inner, 0, 0)
            os.fchmod(inner, 0o711)
            try:
                guarded(inner)
            except Refused:
                os.rmdir(step, dir_fd=here)
                raise
        except OSError:
            raise Refused("no_folder")
        os.close(here)
        here = inner
    return guarded(here)


def opened(here):
    try:
        fd = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=here)
    except FileNotFoundError:
        return None
    except OSError:
        raise Refused("no_file")
    found = os.fstat(fd)
    if not stat.S_ISREG(found.st_mode) or found.st_nlink != 1 or found.st_mode & 0o037:
        raise Refused("no_file")
    return fd


def drop(here, what):
    try:
        os.unlink(what, dir_fd=here)
    except FileNotFoundError:
        pass


def content(fd):
    with os.fdopen(fd, "rb") as file:
        return file.read()


def write(here):
    words, _, value = sys.stdin.buffer.read().partition(b"\0")
    uid, mode = words.split()
    if opened(here) is not None:
        return {"is": "taken"}
    drop(here, spare)
    fd = os.open(spare, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600, dir_fd=here)
    with os.fdopen(fd, "wb") as file:
        file.write(value)
        file.flush()
        os.fchown(fd, int(uid), 0)
        os.fchmod(fd, int(mode, 8))
        os.fsync(fd)
    # Nobody but root can put anything there in between.
    os.rename(spare, name, src_dir_fd=here, dst_dir_fd=here)
    os.fsync(here)
    return {"is": "done"}


def remove(here):
    drop(here, spare)
    fd = opened(here)
    if fd is not None and content(fd) != sys.stdin.buffer.read():
        return {"is": "other"}
    drop(here, name)
    return {"is": "done"}


def look(fd):
    found = os.fstat(fd)
    return {"is": "there", "uid": found.st_uid, "mode": stat.S_IMODE(found.st_mode)}


try:
    here = folder()
    if here is None:
        said = {"is": "done" if action == "remove" else "missing"}
    elif action in ("write", "remove"):
        said = write(here) if action == "write" else remove(here)
    else:
        fd = opened(here)
        if fd is None:
            said = {"is": "missing"}
        elif action == "read":
            said = {"is": "read", "value": base64.b64encode(content(fd)).decode()}
        else:
            said = look(fd)
except Refused as why:
    said = {"is": "refused", "why": str(why)}
print(json.dumps(said))
`;

export const secretBoot = bootOf(secretProgram);
