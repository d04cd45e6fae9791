"""Makes hostile archives, each called what is wrong with it: `hostile-archives.py FOLDER`."""

import io
import os
import stat
import struct
import sys
import tarfile
import zipfile

PROGRAM = b'#!/bin/sh\necho "lantern 1.1.0"\n'
MADE = {}


def made(make):
    MADE[make.__name__.replace("_", "-")] = make
    return make


def tar_of(out, *more, kind="w:gz", form=tarfile.PAX_FORMAT):
    with tarfile.open(out, kind, format=form) as archive:
        add(archive, "bin/lantern", PROGRAM, mode=0o755)
        for name, fields in more:
            add(archive, name, **fields)


def add(archive, name, content=b"", **fields):
    info = tarfile.TarInfo(name)
    info.mode = 0o644
    info.size = len(content)
    for key, value in fields.items():
        setattr(info, key, value)
    archive.addfile(info, io.BytesIO(content))


def zip_of(out, *more, method=zipfile.ZIP_DEFLATED):
    with zipfile.ZipFile(out, "w", method) as archive:
        program = zipfile.ZipInfo("bin/lantern")
        program.external_attr = (stat.S_IFREG | 0o755) << 16
        archive.writestr(program, PROGRAM, method)
        for name, content, mode in more:
            info = zipfile.ZipInfo(name)
            info.create_system = 3
            info.external_attr = mode << 16
            archive.writestr(info, content, method)


def edit(out, change):
    with open(out, "rb") as file:
        data = bytearray(file.read())
    data = change(data) or data
    with open(out, "wb") as file:
        file.write(data)


@made
def tar_climbs(out):
    tar_of(out, ("../evil", dict(content=b"x")))


@made
def tar_climbs_inside(out):
    tar_of(out, ("share/../../evil", dict(content=b"x")))


@made
def tar_absolute(out):
    tar_of(out, ("/tmp/evil", dict(content=b"x")))


@made
def tar_backslash(out):
    tar_of(out, ("..\\evil", dict(content=b"x")))


@made
def tar_link_out(out):
    tar_of(out, ("share/l", dict(type=tarfile.SYMTYPE, linkname="../../../etc")))


@made
def tar_link_absolute(out):
    tar_of(out, ("share/l", dict(type=tarfile.SYMTYPE, linkname="/etc/passwd")))


@made
def tar_link_chain_out(out):
    tar_of(
        out,
        ("a/b/s", dict(type=tarfile.SYMTYPE, linkname="../..")),
        ("x", dict(type=tarfile.SYMTYPE, linkname="a/b/s/../evil")),
    )


@made
def tar_through_link(out):
    tar_of(
        out,
        ("real/x", dict(content=b"x")),
        ("l", dict(type=tarfile.SYMTYPE, linkname="real")),
        ("l/y", dict(content=b"x")),
    )


@made
def tar_hard_link(out):
    tar_of(out, ("l", dict(type=tarfile.LNKTYPE, linkname="bin/lantern")))


@made
def tar_hard_link_out(out):
    tar_of(out, ("l", dict(type=tarfile.LNKTYPE, linkname="../../../etc/passwd")))


@made
def tar_character_device(out):
    tar_of(out, ("null", dict(type=tarfile.CHRTYPE, devmajor=1, devminor=3)))


@made
def tar_pipe(out):
    tar_of(out, ("pipe", dict(type=tarfile.FIFOTYPE)))


@made
def tar_set_user_id(out):
    tar_of(out, ("bin/root", dict(content=b"x", mode=0o4755)))


@made
def tar_set_group_id(out):
    tar_of(out, ("bin/group", dict(content=b"x", mode=0o2755)))


@made
def tar_twice(out):
    tar_of(out, ("x", dict(content=b"1")), ("x", dict(content=b"2")))


@made
def tar_case(out):
    tar_of(out, ("Share/x", dict(content=b"1")), ("share/y", dict(content=b"2")))


@made
def tar_file_below_file(out):
    tar_of(out, ("x", dict(content=b"1")), ("x/y", dict(content=b"2")))


@made
def tar_newline_in_name(out):
    tar_of(out, ("a\nb", dict(content=b"1")))


@made
def tar_note_of_the_agent(out):
    tar_of(out, (".fairlead-files.json", dict(content=b"{}")))


@made
def tar_bomb(out):
    tar_of(out, ("zeros", dict(content=bytes(80 * 1024 * 1024))))


@made
def tar_deep(out):
    tar_of(out, ("d/" * 40 + "x", dict(content=b"1")))


@made
def tar_long_part(out):
    tar_of(out, ("n" * 300, dict(content=b"1")))


@made
def tar_many(out):
    with tarfile.open(out, "w:gz") as archive:
        add(archive, "bin/lantern", PROGRAM, mode=0o755)
        for index in range(100_001):
            add(archive, f"f{index}")


@made
def tar_no_program(out):
    with tarfile.open(out, "w:gz") as archive:
        add(archive, "bin/other", PROGRAM, mode=0o755)


@made
def tar_truncated(out):
    tar_of(out, kind="w")
    edit(out, lambda data: data[:1024])
    compress(out)


@made
def tar_goes_on(out):
    tar_of(out, kind="w")
    edit(out, lambda data: data + b"more after the end")
    compress(out)


@made
def tar_bad_checksum(out):
    tar_of(out, kind="w")

    def change(data):
        data[3] ^= 1

    edit(out, change)
    compress(out)


@made
def tar_global_path(out):
    with tarfile.open(out, "w:gz", format=tarfile.PAX_FORMAT, pax_headers={"path": "evil"}) as archive:
        add(archive, "bin/lantern", PROGRAM, mode=0o755)


@made
def gzip_damaged(out):
    tar_of(out)
    edit(out, lambda data: data[:40] + b"\0" * 10 + data[50:])


@made
def gzip_cut(out):
    tar_of(out)
    edit(out, lambda data: data[: len(data) // 2])


@made
def not_an_archive(out):
    with open(out, "wb") as file:
        file.write(PROGRAM)


@made
def zip_climbs(out):
    zip_of(out, ("../evil", b"x", stat.S_IFREG | 0o644))


@made
def zip_absolute(out):
    zip_of(out, ("/tmp/evil", b"x", stat.S_IFREG | 0o644))


@made
def zip_link_out(out):
    zip_of(out, ("share/l", b"../../etc", stat.S_IFLNK | 0o777))


@made
def zip_pipe(out):
    zip_of(out, ("p", b"", stat.S_IFIFO | 0o644))


@made
def zip_set_user_id(out):
    zip_of(out, ("bin/root", b"x", stat.S_IFREG | 0o4755))


@made
def zip_case(out):
    zip_of(out, ("README", b"x", stat.S_IFREG | 0o644), ("readme", b"x", stat.S_IFREG | 0o644))


@made
def zip_bomb(out):
    zip_of(out, ("zeros", bytes(80 * 1024 * 1024), stat.S_IFREG | 0o644))


@made
def zip_encrypted(out):
    zip_of(out, ("secret", b"x", stat.S_IFREG | 0o644))

    def change(data):
        local = data.index(b"PK\x03\x04", 10)
        central = data.index(b"secret", data.index(b"PK\x01\x02")) - 46
        data[local + 6] |= 1
        data[central + 8] |= 1

    edit(out, change)


@made
def zip_other_local_name(out):
    zip_of(out, ("public", b"x", stat.S_IFREG | 0o644))

    def change(data):
        at = data.index(b"public")
        data[at : at + 6] = b"secret"

    edit(out, change)


@made
def zip_says_less(out):
    zip_of(out, ("x", b"12345678", stat.S_IFREG | 0o644), method=zipfile.ZIP_DEFLATED)

    def change(data):
        for signature, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
            at = data.index(signature, data.index(signature) + 4)
            data[at + offset : at + offset + 4] = struct.pack("<I", 4)

    edit(out, change)


@made
def zip_bad_checksum(out):
    zip_of(out, ("x", b"12345678", stat.S_IFREG | 0o644), method=zipfile.ZIP_STORED)

    def change(data):
        data[data.index(b"12345678")] ^= 1

    edit(out, change)


@made
def zip_shared_bytes(out):
    zip_of(out, ("x", b"12345678", stat.S_IFREG | 0o644), ("y", b"12345678", stat.S_IFREG | 0o644))

    def change(data):
        first = data.index(b"PK\x01\x02")
        second = data.index(b"PK\x01\x02", first + 4)
        third = data.index(b"PK\x01\x02", second + 4)
        data[third + 42 : third + 46] = data[second + 42 : second + 46]
        data[third + 46] = data[second + 46]

    edit(out, change)


@made
def zip_two_ends(out):
    zip_of(out)
    edit(out, lambda data: data + data[-22:])


@made
def zip_prepended(out):
    zip_of(out)
    edit(out, lambda data: b"PK\x03\x04" + data)


@made
def zip_cut(out):
    zip_of(out)
    edit(out, lambda data: data[:-30])


@made
def zip_bzip2(out):
    zip_of(out, ("x", b"12345678" * 100, stat.S_IFREG | 0o644), method=zipfile.ZIP_BZIP2)


def compress(out):
    import gzip

    edit(out, lambda data: gzip.compress(bytes(data)))


for name, make in MADE.items():
    make(os.path.join(sys.argv[1], name))
