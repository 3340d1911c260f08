# Sourced by ./run and ./test: brings Python packages and browser assets to what the lock files say.
# setup KIND VOICE   KIND = runtime | dev;  VOICE = loud | quiet (everything said goes to standard error)
UV_PYTHON_DOWNLOADS=never
export UV_PYTHON_DOWNLOADS

say() { [ "$voice" = quiet ] || printf '%s\n' "$*" >&2; }
die() { printf '%s\n' "$*" >&2; exit 1; }

as_root() {
    if [ "$(id -u)" -eq 0 ]; then "$@"
    elif command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then sudo -n "$@"
    else return 1
    fi
}

apt_install() {
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q "$@" >&2 2>&1 && return 0
    as_root apt-get update -q >/dev/null 2>&1 || return 1
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q "$@" >/dev/null 2>&1
}

# The system's own first: distributions build it with profile-guided optimisation, half as fast again as a plain build.
pythons() {
    for candidate in /usr/bin/python3 python3 python3.13 python3.12 python3.11; do
        if command -v "$candidate" >/dev/null 2>&1 &&
            "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            printf '%s\n' "$candidate"
        fi
    done
}

make_venv() {
    [ -x .venv/bin/python ] && return 0
    candidates=$(pythons)
    [ -n "$candidates" ] || die "Chuẩn cần Python 3.11 trở lên. Trên Debian/Ubuntu: sudo apt-get install python3 python3-venv"
    for python in $candidates; do
        rm -rf .venv
        "$python" -m venv .venv >/dev/null 2>&1 && return 0
        [ "$python" = /usr/bin/python3 ] || continue
        say "Đang cài python3-venv …"
        rm -rf .venv
        apt_install python3-venv && "$python" -m venv .venv >/dev/null 2>&1 && return 0
    done
    rm -rf .venv
    die "Không tạo được môi trường Python trong .venv. Trên Debian/Ubuntu: sudo apt-get install -y python3-venv"
}

digest() { cat "$@" | sha256sum | cut -d' ' -f1; }

install_python() {
    lock=requirements.txt
    [ "$1" = dev ] && lock=requirements-dev.txt
    stamp=".venv/.chuan-lock"
    runtime_mark="runtime $(digest requirements.txt pyproject.toml)"
    dev_mark="dev $(digest requirements-dev.txt requirements.txt pyproject.toml)"
    have=$(cat "$stamp" 2>/dev/null || true)
    # Who develops keeps the development packages, also when ./run finds that a lock has changed.
    case "$have" in dev\ *) set -- dev; lock=requirements-dev.txt ;; esac
    # The development lock contains the runtime lock, so its stamp serves both.
    [ "$have" = "$dev_mark" ] && return 0
    [ "$1" = runtime ] && [ "$have" = "$runtime_mark" ] && return 0
    say "Đang cài các gói Python ($lock) …"
    rm -f "$stamp"
    if [ ! -x .venv/bin/uv ]; then
        awk '/^uv==/ {on=1; print; next} /^[^ ]/ {on=0} on && /--hash/ {print}' "$lock" >.venv/uv.txt
        .venv/bin/python -m pip install -q --disable-pip-version-check --no-deps --require-hashes -r .venv/uv.txt >&2 ||
            say "Không cài được uv, chuyển sang pip (chậm hơn)."
    fi
    if [ -x .venv/bin/uv ]; then
        .venv/bin/uv pip sync -q --compile-bytecode --python .venv/bin/python --require-hashes "$lock" >&2 || die "Cài gói Python không thành công; kiểm tra kết nối tới kho gói rồi chạy lại."
        .venv/bin/uv pip install -q --python .venv/bin/python --no-deps --no-build-isolation -e . >&2 || die "Không cài được gói chuan."
    else
        .venv/bin/python -m pip install -q --disable-pip-version-check --require-hashes -r "$lock" >&2 || die "Cài gói Python không thành công; kiểm tra kết nối tới kho gói rồi chạy lại."
        .venv/bin/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e . >&2 || die "Không cài được gói chuan."
    fi
    if [ "$1" = dev ]; then printf '%s' "$dev_mark" >"$stamp"; else printf '%s' "$runtime_mark" >"$stamp"; fi
}

install_assets() {
    mark=$(digest package-lock.json package.json)
    [ "$(cat node_modules/.chuan-lock 2>/dev/null || true)" = "$mark" ] && return 0
    say "Đang cài giao diện và phông chữ (package-lock.json) …"
    PATH="$PWD/.venv/bin:$PATH" .venv/bin/npm ci --ignore-scripts --no-audit --no-fund --loglevel=error >&2 ||
        die "Cài gói giao diện không thành công; kiểm tra kết nối tới kho gói rồi chạy lại."
    printf '%s' "$mark" >node_modules/.chuan-lock
}

compile_messages() {
    stamp=.venv/.chuan-messages
    mark=$(digest chuan/locale/*/LC_MESSAGES/*.po)
    [ "$(cat "$stamp" 2>/dev/null || true)" = "$mark" ] && ls chuan/locale/*/LC_MESSAGES/django.mo >/dev/null 2>&1 && return 0
    for language in vi en; do
        .venv/bin/pybabel -q compile -D django -d chuan/locale -l "$language" >&2 || die "Không biên dịch được bản dịch ($language)."
    done
    printf '%s' "$mark" >"$stamp"
}

setup() {
    voice=$2
    make_venv
    install_python "$1"
    install_assets
    compile_messages
}
