#!/usr/bin/env bash
# Tries what README promises on a bare Debian: makes one with debootstrap, with the packages that README names, and does
# there what a newcomer does, as a user without rights. See `usage` below. Needs root, for debootstrap and chroot.
# shellcheck disable=SC2016 # what stands in single quotes is for apt or for the shell inside
set -euo pipefail
top=$(cd "$(dirname "$0")/.." && pwd)

usage() {
  cat <<'END'
usage: npm run try:debian -- [--roots DIR] [--only bare|start|test] [RELEASE...]

  RELEASE       releases of Debian (default: bookworm trixie)
  --roots DIR   where the bare roots are kept between runs (default: /var/cache/fairlead-debian)
  --only PART   bare   without libatomic1, both lines of README say what is missing
                start  npm ci && npm start, and the commands that it prints
                test   npm ci && npm test: takes minutes
                (default: all of them)
END
}

fail() {
  printf 'error: %s\n' "$1" >&2
  [ $# -lt 2 ] || printf '  = help: %s\n' "$2" >&2
  exit "${3:-1}"
}

roots=/var/cache/fairlead-debian
parts=(bare start test)
releases=()
while [ $# -gt 0 ]; do
  case $1 in
    --roots) roots=${2:?--roots needs a folder}; shift ;;
    --only) parts=("${2:?--only needs a part}"); shift ;;
    -h | --help) usage; exit ;;
    -*) usage >&2; exit 2 ;;
    *) releases+=("$1") ;;
  esac
  shift
done
[ ${#releases[@]} -gt 0 ] || releases=(bookworm trixie)
case ${parts[0]} in bare | start | test) ;; *) usage >&2; exit 2 ;; esac

[ "$(id -u)" -eq 0 ] || fail 'debootstrap and chroot need root' 'sudo npm run try:debian'
command -v debootstrap >/dev/null || fail 'debootstrap is not installed' 'apt-get install debootstrap'
unshare --mount --pid --fork --mount-proc true 2>/dev/null ||
  fail 'this root may not mount /proc, which npm needs there' 'run it outside of a container, or in a privileged one'
keyring=/usr/share/keyrings/debian-archive-keyring.gpg
[ -e "$keyring" ] || fail "$keyring is missing: nothing could be verified" 'apt-get install debian-archive-keyring'

say() { printf '\n== %s\n' "$*"; }

# How this machine reaches the network: names, proxies, certificates, the mirror and the registry that it uses. Secrets
# stay here.
settings=()
carried_files=()
for name in http_proxy https_proxy no_proxy HTTP_PROXY HTTPS_PROXY NO_PROXY; do
  [ -z "${!name:-}" ] || settings+=("$name=${!name}")
done
for name in NODE_EXTRA_CA_CERTS SSL_CERT_FILE; do
  [ -f "${!name:-}" ] || continue
  settings+=("$name=${!name}")
  carried_files+=("${!name}")
done
for name in registry proxy https-proxy noproxy cafile strict-ssl; do
  value=$(cd / && npm config get "$name" 2>/dev/null) || continue
  case $value in '' | null | undefined) continue ;; esac
  settings+=("npm_config_${name//-/_}=$value")
  [ "$name" != cafile ] || carried_files+=("$value")
done
mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Origin: Debian' 'Label: Debian' \
  2>/dev/null | head -n 1) || mirror=

carry_settings() {
  local root=$1 file
  for file in /etc/resolv.conf /etc/hosts "${carried_files[@]}"; do
    [ -f "$file" ] || continue
    mkdir -p "$root$(dirname "$file")"
    cp -L --remove-destination "$file" "$root$file"
  done
  apt-config dump --format '%F "%v";%n' Acquire 2>/dev/null |
    grep -E '^Acquire::(https?::|ftp::|Check-|Retries|ForceIPv)' >"$root/etc/apt/apt.conf.d/99-of-the-host" || true
}

# inside ROOT USER SCRIPT: a world of its own, whose mounts and processes end with it.
inside() {
  local root=$1 user=$2 script=$3 home=/root
  [ "$user" = root ] || home=/home/$user
  unshare --mount --pid --fork --kill-child "--mount-proc=$root/proc" chroot "--userspec=$user:$user" "$root" env -i \
    "HOME=$home" "USER=$user" PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 \
    DEBIAN_FRONTEND=noninteractive "${settings[@]}" bash -c "set -euo pipefail; cd; $script"
}

make_bare_root() {
  local release=$1 root=$roots/$1 script=
  [ ! -e "$root" ] || return 0
  say "a bare $release in $root"
  # Its script for unstable makes every newer release as well.
  [ -e "/usr/share/debootstrap/scripts/$release" ] || script=/usr/share/debootstrap/scripts/sid
  mkdir -p "$roots"
  rm -rf --one-file-system "$root.unfinished"
  debootstrap --variant=minbase --keyring="$keyring" "$release" "$root.unfinished" "$mirror" $script >"$root.log" 2>&1 ||
    fail "debootstrap failed: $(tail -n 1 "$root.log")" "see $root.log; for signatures: apt-get install debian-archive-keyring"
  carry_settings "$root.unfinished"
  inside "$root.unfinished" root '
    apt-get update -qq
    apt-get install -qq -y --no-install-recommends nodejs npm git >/dev/null
    useradd --create-home --shell /bin/bash newcomer' >>"$root.log" 2>&1 || fail "apt-get failed" "see $root.log"
  mv "$root.unfinished" "$root"
}

work=
cleanup() { [ -z "$work" ] || rm -rf --one-file-system "$work"; }
trap cleanup EXIT
trap 'exit 130' INT TERM

# A copy to spoil, with a clone of what is committed here.
copy_root() {
  local release=$1
  [ -z "$work" ] || rm -rf --one-file-system "$work"
  work=$(mktemp -d "$roots/$release-at-work.XXXXXX")
  cp -a --reflink=auto "$roots/$release/." "$work"
  carry_settings "$work"
  git -c safe.directory='*' -C "$top" bundle create --quiet "$work/home/newcomer/fairlead.bundle" HEAD
  chmod 644 "$work/home/newcomer/fairlead.bundle"
  inside "$work" newcomer '
    git init --quiet fairlead
    cd fairlead
    git fetch --quiet ../fairlead.bundle HEAD
    git reset --quiet --hard FETCH_HEAD
    echo "$(. /etc/os-release; echo "$PRETTY_NAME"), Node $(node --version), npm $(npm --version), commit $(git rev-parse --short HEAD)"'
}

# What npm prints before the script itself speaks: an empty line, and two that begin with >.
first_line='sed -n -e "/^>/d" -e "/./{p;q}"'

try_bare() {
  local line
  for line in 'npm start' 'npm test'; do
    echo "-- npm ci && $line, without libatomic1"
    inside "$work" newcomer "
      cd fairlead
      if npm ci >../ci.log 2>&1 && $line >../said.log 2>&1; then echo 'error: it should have ended with an error'; exit 1; fi
      $first_line ../said.log | tee ../first
      grep -q 'libatomic.so.1 is missing: as root, run .apt-get install libatomic1.' ../first" || return
  done
}

mend() {
  echo "-- as root: apt-get install libatomic1"
  inside "$work" root 'apt-get install -qq -y --no-install-recommends libatomic1 >/dev/null 2>&1'
}

try_start() {
  echo "-- npm ci && npm start"
  inside "$work" newcomer '
    cd fairlead
    set -m
    { npm ci && PORT=0 npm start; } >../start.log 2>&1 &
    server=$!
    set +m
    trap "kill -- -$server 2>/dev/null || true" EXIT
    for _ in $(seq 1 3000); do
      grep -q "^Fairlead listens on" ../start.log && break
      kill -0 "$server" 2>/dev/null || { tail -n 20 ../start.log; exit 1; }
      sleep 0.2
    done
    sed -n "/^Fairlead listens on/,/^It serves/p" ../start.log

    # The commands that it prints, as they stand there.
    printed() { sed -n "/^  $1/,/^\$/p" ../start.log; }
    echo "-- the machine"
    sh -euc "$(printed bin.fairlead-agent)" >../machine.log 2>&1 || { cat ../machine.log; exit 1; }
    grep "is installed and confirmed" ../machine.log

    echo "-- the promotion, by somebody whom git does not know"
    if sh -c "$(printed "bin.fairlead promote")" >../promotion.log 2>../refusal.log; then cat ../promotion.log; exit 1; fi
    cat ../refusal.log
    grep -q "^error\[[a-z/]*no-identity\]" ../refusal.log
    sh -euc "$(sed -n "s/.*= help: \`\([^\`]*\)\`.*/\1/p" ../refusal.log)"
    sh -euc "$(printed "bin.fairlead promote")" >../promotion.log
    grep "^committed" ../promotion.log
    commit=$(git rev-parse HEAD)
    for _ in $(seq 1 300); do
      grep -q "\"commit\":\"$commit\"" ../start.log && break
      sleep 0.2
    done
    bin/fairlead-agent update --home .fairlead/try/agent 2>/dev/null
    .fairlead/try/lantern --version

    echo "-- the yank"
    sh -euc "$(printed "bin.fairlead yank")" >../yank.log
    grep "^committed" ../yank.log
    [ -z "$(git status --porcelain)" ] || { git status; exit 1; }'
}

try_test() {
  echo "-- npm ci && npm test"
  inside "$work" newcomer '
    cd fairlead
    code=0
    { npm ci && npm test; } >../test.log 2>&1 || code=$?
    sed -n "/^ℹ tests/,/^ℹ duration/p" ../test.log
    sed -n "s/^ *﹣ /skipped: /p" ../test.log | sort -u
    [ "$code" -eq 0 ] || sed -n "/failing tests:/,\$p" ../test.log
    exit "$code"'
}

[ -z "$(git -c safe.directory='*' -C "$top" status --porcelain)" ] || echo 'note: what is not committed is not tried'
failed=()
for release in "${releases[@]}"; do
  make_bare_root "$release"
  say "$release"
  copy_root "$release"
  for part in "${parts[@]}"; do
    [ "$part" = bare ] || [ -e "$work/mended" ] || { mend; touch "$work/mended"; }
    ("try_$part") || { failed+=("$release: $part"); printf 'error: %s failed on %s\n' "$part" "$release" >&2; }
  done
done
[ ${#failed[@]} -eq 0 ] || fail "$(IFS=,; echo "${failed[*]}")"
say "all as README says, on ${releases[*]}"
