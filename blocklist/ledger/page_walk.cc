#include "ledger/page_walk.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <set>
#include <vector>

#include "ledger/page_layout.h"

namespace saring::ledger::lmdb {
namespace {

using namespace layout;

constexpr std::uint64_t pages_a_step = 1024;  // between two reports of progress

struct Damage {
    Message what;
};

class PageFile {
public:
    explicit PageFile(const Environment& env) {
        MDB_stat stat;
        check(mdb_env_get_fd(env.handle(), &fd_), marked("cannot read"));
        check(mdb_env_stat(env.handle(), &stat), marked("cannot read"));
        page_size_ = stat.ms_psize;
    }

    std::size_t page_size() const { return page_size_; }

    PageNumber pages() const {
        struct ::stat file {};
        if (::fstat(fd_, &file) != 0) cannot(msg("cannot tell its size: %1", std::strerror(errno)));
        return static_cast<PageNumber>(file.st_size) / page_size_;
    }

    void read(PageNumber page, std::size_t offset, char* to, std::size_t size) const {
        auto at = static_cast<off_t>(page * page_size_ + offset);
        for (std::size_t done = 0; done < size;) {
            ssize_t n = ::pread(fd_, to + done, size - done, at + static_cast<off_t>(done));
            if (n < 0 && errno == EINTR) continue;
            if (n < 0) cannot(msg("cannot read page %1: %2", page, std::strerror(errno)));
            if (n == 0) throw Damage{msg("page %1 lies behind the file's end", page)};
            done += static_cast<std::size_t>(n);
        }
    }

private:
    // The disk's fault, or a moment's: says nothing of what is written there.
    [[noreturn]] static void cannot(const Message& why) { throw Failure(Fault::unavailable, msg("database"), why, msg("check the disk, and try again")); }

    int fd_ = -1;
    std::size_t page_size_ = 0;
};

// One of the trees: the free pages, the tables' names, a table, or the values of one key.
struct Tree {
    enum class Kind { free, names, table, values };
    Kind kind;
    Message name;
    TreeHead head;
    PageNumber holder = 0;      // the page on which its head stands
    std::uint64_t entries = 0;  // as they are counted
    std::size_t value_size = 0; // of fixed-size values, once one was seen

    bool has_several_values() const { return kind != Kind::free && (head.flags & tree_flag::several_values); }
    // In a tree of one key's values, the values are the keys.
    bool has_fixed_keys() const { return kind == Kind::values && (head.flags & tree_flag::fixed_values); }
    bool has_integer_keys() const { return kind == Kind::free; }
};

// Of what a page is allowed to hold: keys from `low` on and below `high`.
struct Range {
    std::optional<Bytes> low, high;
};

class Walk {
public:
    Walk(const PageFile& file, const Meta& meta, Progress& progress) : file_(file), meta_(meta), progress_(progress), size_(file.page_size()) {}

    void all() {
        // LMDB counts pages that it took from beyond the end, freed in the same commit and never wrote: the file
        // may be shorter than the last page (mdb_page_flush leaves out loose pages). None of a tree's can lie there.
        written_ = std::min(meta_.last + 1, file_.pages());
        if (meta_.last < metas - 1 || written_ < metas) throw Damage{msg("the last page is said to be %1, and the file has %2", meta_.last, file_.pages())};
        used_.resize(written_);
        used_[0] = used_[1] = true;
        progress_.begin(msg("checking pages"), msg("pages"), written_);
        struct AtEnd {
            ~AtEnd() { progress.end(); }
            Progress& progress;
        } at_end{progress_};
        Tree names{Tree::Kind::names, msg("the tables' names"), meta_.main};
        look(names);
        // Last: what is free must not be used.
        Tree free{Tree::Kind::free, msg("the free pages"), meta_.free};
        look(free);
    }

private:
    [[noreturn]] static void damaged(PageNumber page, const Tree& tree, const Message& why) { throw Damage{msg("page %1, of %2: %3", page, tree.name, why)}; }

    void use(PageNumber page, PageNumber from, const Tree& tree) {
        if (page < metas || page >= written_) damaged(from, tree, msg("leads to page %1, which is none of the file's", page));
        if (used_[page]) damaged(from, tree, msg("leads to page %1, which is used already", page));
        used_[page] = true;
        if (++seen_ % pages_a_step == 0) progress_.at(seen_);
    }

    void look(Tree& tree) {
        const auto& head = tree.head;
        constexpr std::uint16_t fixed_alone = tree_flag::fixed_values, fixed = tree_flag::several_values | tree_flag::fixed_values;
        bool known = head.flags == 0 || (tree.kind == Tree::Kind::table && (head.flags == tree_flag::several_values || head.flags == fixed)) ||
                     (tree.kind == Tree::Kind::values && head.flags == fixed_alone) || tree.kind == Tree::Kind::free;  // where an environment's flags stand
        if (!known) throw Damage{msg("%1: has the flags %2, which no tree of ours has", tree.name, head.flags)};
        if (head.root == none) {
            if (head.entries != 0) throw Damage{msg("%1: is empty and claims %2 entries", tree.name, head.entries)};
            return;
        }
        if (head.depth < 1 || head.depth > deepest) throw Damage{msg("%1: claims a depth of %2", tree.name, head.depth)};
        use(head.root, tree.holder, tree);
        look(tree, head.root, 1, {});
        if (tree.entries != head.entries) throw Damage{msg("%1: has %2 entries and claims %3", tree.name, tree.entries, head.entries)};
    }

    void look(Tree& tree, PageNumber number, unsigned level, const Range& range) {
        Bytes octets(size_, '\0');
        file_.read(number, 0, octets.data(), size_);
        PageHead head(octets.data());
        bool leaf = level == tree.head.depth;
        std::uint16_t kind = leaf ? page_flag::leaf : page_flag::branch;
        if (leaf && tree.has_fixed_keys()) kind |= page_flag::fixed;
        if (head.number != number) damaged(number, tree, msg("says that it is page %1", head.number));
        if (head.flags != kind) damaged(number, tree, msg("has the flags %1 instead of %2", head.flags, kind));
        if (kind & page_flag::fixed)
            fixed_keys(tree, number, head, octets.data(), size_, tree.head.pad, range);
        else
            nodes(tree, number, head, octets, leaf, level, range);
    }

    void require_bounds(const Tree& tree, PageNumber number, const PageHead& head, std::size_t size, std::size_t fewest) const {
        if (head.lower < PageHead::size || head.lower > head.upper || head.upper > size || head.lower % 2 != 0)
            damaged(number, tree, msg("its bounds %1 and %2 are impossible", head.lower, head.upper));
        if (head.nodes() < fewest) damaged(number, tree, msg("has %1 nodes, too few", head.nodes()));
    }

    void nodes(Tree& tree, PageNumber number, const PageHead& head, const Bytes& octets, bool leaf, unsigned level, const Range& range) {
        // LMDB itself demands two of a branch, but for the tree of free pages (mdb_page_search_root).
        require_bounds(tree, number, head, size_, leaf || tree.kind == Tree::Kind::free ? 1 : 2);
        std::vector<std::pair<std::size_t, std::size_t>> places;  // where each node begins and ends
        std::vector<Node> all;
        for (std::size_t i = 0; i < head.nodes(); ++i) {
            std::size_t begin = load<std::uint16_t>(octets.data() + PageHead::size + 2 * i);
            if (begin < head.upper || begin + Node::head > size_ || begin % 2 != 0) damaged(number, tree, msg("node %1 is said to be at %2", i, begin));
            Node node(octets.data() + begin);
            std::size_t content = !leaf ? 0 : node.flags & node_flag::big ? sizeof(PageNumber) : node.value_size;
            std::size_t end = begin + Node::head + node.key_size + content;
            if (end > size_) damaged(number, tree, msg("node %1 goes on beyond the page's end", i));
            places.emplace_back(begin, end);
            all.push_back(node);
        }
        std::sort(places.begin(), places.end());
        for (std::size_t i = 1; i < places.size(); ++i)
            if (places[i].first < places[i - 1].second) damaged(number, tree, msg("two nodes lie over each other at %1", places[i].first));
        // The first key of a branch stands for whatever is smaller.
        for (std::size_t i = leaf ? 0 : 1; i < all.size(); ++i) {
            require_key(tree, number, all[i].key(), i > (leaf ? 0u : 1u) ? &all[i - 1] : nullptr, range);
        }
        for (std::size_t i = 0; i < all.size(); ++i) {
            if (leaf) {
                value(tree, number, all[i]);
                continue;
            }
            Range below{i == 0 ? range.low : Bytes(all[i].key()), i + 1 < all.size() ? Bytes(all[i + 1].key()) : range.high};
            use(all[i].child(), number, tree);
            look(tree, all[i].child(), level + 1, below);
        }
    }

    void require_key(const Tree& tree, PageNumber number, ByteView key, const Node* before, const Range& range) const {
        if (key.empty() || key.size() > longest_key) damaged(number, tree, msg("a key has %1 octets", key.size()));
        if (tree.has_integer_keys() && key.size() != sizeof(std::uint64_t)) damaged(number, tree, msg("a number has %1 octets", key.size()));
        if (tree.kind == Tree::Kind::free && (load<std::uint64_t>(key.data()) == 0 || load<std::uint64_t>(key.data()) > meta_.transaction))
            damaged(number, tree, msg("pages are said to be free since commit %1", load<std::uint64_t>(key.data())));
        if ((before && !in_order(tree, before->key(), key)) || (range.low && in_order(tree, key, *range.low)) || (range.high && !in_order(tree, key, *range.high)))
            damaged(number, tree, msg("its keys are out of order"));
    }

    static bool in_order(const Tree& tree, ByteView a, ByteView b) {
        if (tree.has_integer_keys()) return load<std::uint64_t>(a.data()) < load<std::uint64_t>(b.data());
        return a < b;
    }

    // Keys of one size, one after the other: on a page, or within a node.
    void fixed_keys(Tree& tree, PageNumber number, const PageHead& head, const char* octets, std::size_t size, std::size_t key_size, const Range& range) const {
        require_bounds(tree, number, head, size, 1);
        // LMDB takes the room between the bounds for what is left, though the keys stand elsewhere.
        auto taken = PageHead::size + head.nodes() * key_size;
        if (key_size == 0 || head.pad != key_size || taken > size || size - taken != std::size_t{head.upper} - head.lower)
            damaged(number, tree, msg("has %1 values of %2 octets, and its bounds %3 and %4 do not fit them", head.nodes(), head.pad, head.lower, head.upper));
        ByteView before;
        for (std::size_t i = 0; i < head.nodes(); ++i) {
            ByteView key(octets + PageHead::size + i * key_size, key_size);
            if ((i > 0 && !(before < key)) || (range.low && key < *range.low) || (range.high && !(key < *range.high))) damaged(number, tree, msg("its values are out of order"));
            before = key;
        }
        tree.entries += head.nodes();
    }

    void value(Tree& tree, PageNumber number, const Node& node) {
        switch (node.flags) {
            case 0:
                ++tree.entries;
                if (tree.head.flags & tree_flag::fixed_values) require_value_size(tree, number, node.value_size);
                if (tree.kind == Tree::Kind::free) free_pages(tree, number, Bytes(node.value(), node.value_size));
                return;
            case node_flag::big:
                ++tree.entries;
                if (!tree.has_several_values()) return big_value(tree, number, node);
                break;
            case node_flag::tree:
                ++tree.entries;
                if (tree.kind != Tree::Kind::names || node.value_size != TreeHead::size) break;
                return below(Tree::Kind::table, number, node, tree);
            case node_flag::tree | node_flag::values:
                if (!tree.has_several_values() || node.value_size != TreeHead::size) break;
                return below(Tree::Kind::values, number, node, tree);
            case node_flag::values:
                if (!tree.has_several_values()) break;
                return values_within(tree, number, node);
        }
        damaged(number, tree, msg("a node has the flags %1, which mean nothing here", node.flags));
    }

    // LMDB copies as many octets of a value as those before it had.
    void require_value_size(Tree& tree, PageNumber number, std::size_t size) const {
        if (tree.value_size == 0) tree.value_size = size;
        if (size == 0 || size != tree.value_size) damaged(number, tree, msg("has a value of %1 octets among those of %2", size, tree.value_size));
    }

    void below(Tree::Kind kind, PageNumber number, const Node& node, Tree& tree) {
        TreeHead head(node.value());
        if (kind == Tree::Kind::table) {
            std::string name(node.key());  // whatever stands there: it goes into a log
            std::replace_if(name.begin(), name.end(), [](char c) { return c < ' ' || c > '~'; }, '?');
            Tree table{kind, msg("table %1", name), head, number};
            return look(table);
        }
        if (head.flags & tree_flag::fixed_values) require_value_size(tree, number, head.pad);
        Tree values{kind, tree.name, head, number};
        look(values);
        tree.entries += values.entries;
    }

    void values_within(Tree& tree, PageNumber number, const Node& node) {
        if (node.value_size < PageHead::size) damaged(number, tree, msg("a page within a node has %1 octets", node.value_size));
        PageHead head(node.value());
        bool fixed = tree.head.flags & tree_flag::fixed_values;
        std::uint16_t kind = page_flag::leaf | page_flag::dirty | page_flag::within;
        if (fixed) kind |= page_flag::fixed;
        if ((head.flags | page_flag::dirty) != kind) damaged(number, tree, msg("has the flags %1 instead of %2", head.flags, kind));
        if (!fixed) damaged(number, tree, msg("has values of several sizes, which no table of ours has"));
        require_value_size(tree, number, head.pad);
        Tree values{Tree::Kind::values, tree.name, tree.head, number};
        fixed_keys(values, number, head, node.value(), node.value_size, head.pad, {});
        tree.entries += values.entries;
    }

    void big_value(Tree& tree, PageNumber number, const Node& node) {
        auto first = load<PageNumber>(node.value());
        use(first, number, tree);
        char octets[PageHead::size];
        file_.read(first, 0, octets, sizeof octets);
        PageHead head(octets);
        if (head.number != first || head.flags != page_flag::overflow) damaged(first, tree, msg("is no page of a long value"));
        std::uint64_t needed = (PageHead::size - 1 + std::uint64_t{node.value_size}) / size_ + 1;
        if (head.pages < needed) damaged(first, tree, msg("a value of %1 octets has %2 pages", node.value_size, head.pages));
        for (PageNumber i = 1; i < head.pages; ++i) use(first + i, first, tree);
        if (tree.kind != Tree::Kind::free) return;
        Bytes content(node.value_size, '\0');
        file_.read(first, PageHead::size, content.data(), content.size());
        free_pages(tree, first, content);
    }

    // How many there are, then their numbers, falling.
    void free_pages(const Tree& tree, PageNumber number, const Bytes& list) {
        constexpr std::size_t one = sizeof(PageNumber);
        auto n = list.size() < one ? none : load<PageNumber>(list.data());
        if (n > list.size() / one - 1) damaged(number, tree, msg("a list of %1 octets claims %2 pages", list.size(), n));
        PageNumber before = none;
        for (PageNumber i = 1; i <= n; ++i) {
            auto page = load<PageNumber>(list.data() + i * one);
            if (page >= before) damaged(number, tree, msg("a list of free pages is out of order"));
            if (page < written_ || page > meta_.last)
                use(page, number, tree);
            else if (!unwritten_.insert(page).second)
                damaged(number, tree, msg("leads to page %1, which is used already", page));
            before = page;
        }
    }

    const PageFile& file_;
    const Meta& meta_;
    Progress& progress_;
    const std::size_t size_;
    PageNumber written_ = 0;  // how many the file has
    std::vector<bool> used_;
    std::set<PageNumber> unwritten_;  // free ones beyond the file's end
    std::uint64_t seen_ = 0;
};

// As the transaction sees it, which keeps its pages from being used anew. Nothing when two commits
// have gone by since it began, which write over it.
std::optional<Meta> meta_of(const PageFile& file, const ReadTxn& txn) {
    char octets[Meta::size];
    char again[Meta::size];
    file.read(txn.id() % metas, 0, octets, sizeof octets);
    file.read(txn.id() % metas, 0, again, sizeof again);
    Meta meta(octets);
    if (meta.transaction != txn.id() || std::memcmp(octets, again, sizeof octets) != 0) return std::nullopt;
    return meta;
}

}  // namespace

std::optional<Message> damaged_page(const Environment& env, Progress& progress) {
    try {
        PageFile file(env);
        for (int i = 0; i < 100; ++i) {
            ReadTxn txn(env);
            auto meta = meta_of(file, txn);
            if (!meta) continue;
            Walk(file, *meta, progress).all();
            return std::nullopt;
        }
        return msg("its first pages belong to no commit");
    } catch (const Damage& d) {
        return d.what;
    }
}

}  // namespace saring::ledger::lmdb
