# A thin face over Meson: every target can be had without it, see README.md.
BUILD ?= build

.PHONY: all demo test check bench install prefix clean fuzz mutants lab lab-long lab-kernels

all: $(BUILD)/build.ninja
	ninja -C $(BUILD)

$(BUILD)/build.ninja:
	tools/setup build
	meson setup $(BUILD)

# Installs what is missing, builds, and shows what ioward does on a real kernel.
demo: all
	tools/setup lab || true  # without QEMU a simulated machine tells the story
	lab/demo --build $(BUILD)

# Installs what is missing, builds, and runs every test there is.
test:
	tools/setup build test lab
	tools/test

# The inner loop: unit tests only.
check: all
	meson test -C $(BUILD) --suite unit --print-errorlogs

bench: all
	tools/setup bench
	bench/run --build $(BUILD)

# 10 minutes of each fuzzer on top of its corpus.
fuzz:
	tools/setup build test
	tools/fuzz

# Breaks each guard of the ownership core in turn: build/mutants.txt says what noticed.
mutants:
	tools/setup build test
	tools/mutants

lab: all
	tools/setup lab
	lab/run --build $(BUILD)

lab-long: all lab-kernels
	tools/setup lab
	lab/run --build $(BUILD) --long --resume

# Kernels of the lab's own from Debian's source: with IOMMUFD, and with checks of locks and memory. Once, half an hour.
lab-kernels:
	tools/setup lab lab-kernels
	lab/kernels --build $(BUILD) --own

# PREFIX=/usr says where; without it, the build folder's prefix stays (/usr/local at first). DESTDIR comes before it.
install: prefix
	ninja -C $(BUILD)
	meson install -C $(BUILD) --no-rebuild

prefix: $(BUILD)/build.ninja
	@[ -z "$(PREFIX)" ] || meson introspect --buildoptions $(BUILD) | \
		grep -qF '"name": "prefix", "value": "$(PREFIX)"' || meson configure $(BUILD) --prefix "$(PREFIX)"

clean:
	rm -rf $(BUILD) build-*
