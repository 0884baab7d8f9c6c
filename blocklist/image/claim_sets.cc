#include "image/claim_sets.h"

#include "image/refusal.h"

namespace saring::image {

SetId ClaimSetWriter::add(ByteView value, std::uint64_t changed) {
    ByteWriter w;
    w.integer(changed);
    w.raw(value);
    key_ = w.take();
    if (!ends_.empty() && key_ == last_) return last_id_;
    auto [place, fresh] = known_.emplace(key_, static_cast<SetId>(ends_.size()));
    if (fresh) {
        data_ += key_;
        ends_.push_back(static_cast<std::uint32_t>(data_.size()));
        if (data_.size() > 0xffffffff)
            throw Error(ErrorKind::database, msg("image"), msg("has more than 4 GiB of claims"),
                        msg("revoke orders that are no longer needed"));
    }
    last_ = key_;
    return last_id_ = place->second;
}

Bytes ClaimSetWriter::take() const {
    ByteWriter w;
    w.integer(static_cast<std::uint32_t>(ends_.size()));
    for (auto end : ends_) w.integer(end);
    w.raw(data_);
    return w.take();
}

ClaimSets::ClaimSets(ByteView section) {
    auto refuse = [](const Message& why) { return Refusal(Reason::malformed, msg("image file"), why); };
    if (section.size() < 4) throw refuse(msg("has no claim sets"));
    count_ = load32(section.data());
    if (count_ > (section.size() - 4) / 4) throw refuse(msg("has claim sets beyond its end"));
    ends_ = section.data() + 4;
    data_ = ends_ + std::size_t{4} * count_;
    std::size_t size = section.size() - 4 - std::size_t{4} * count_, begin = 0;
    for (SetId i = 0; i < count_; ++i) {
        std::size_t end = load32(ends_ + std::size_t{4} * i);
        if (end > size || end < begin + 8 || (end - begin - 8) % policy::Entries::entry_size != 0 ||
            (end - begin - 8) / policy::Entries::entry_size > policy::Entries::max_orders)
            throw refuse(msg("has a claim set of the wrong length"));
        for (std::size_t at = begin + 8; at < end; at += policy::Entries::entry_size)
            if (static_cast<unsigned char>(data_[at + 4]) > static_cast<unsigned char>(policy::last_match))
                throw refuse(msg("has an unknown match"));
        begin = end;
    }
    if (begin != size) throw refuse(msg("has claim sets of the wrong length"));
}

}  // namespace saring::image
