#pragma once

#include <fmt/core.h>

#include <compare>
#include <concepts>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace advisor {

/// Text, or bytes, that do not change: those of the program itself, which are read where they lie,
/// or some that are kept as long as there is a copy. Cheap to copy.
class SharedText {
 public:
  SharedText() = default;
  SharedText(std::string text)
      : kept_(std::make_shared<const std::string>(std::move(text))), view_(*kept_) {}
  SharedText(const char* text) : SharedText(std::string(text)) {}
  /// What outlives every copy.
  static SharedText lasting(std::string_view text) {
    SharedText lasting;
    lasting.view_ = text;
    return lasting;
  }

  /// As long as there is a copy.
  std::string_view view() const { return view_; }
  operator std::string_view() const { return view_; }
  bool empty() const { return view_.empty(); }
  size_t size() const { return view_.size(); }
  /// As substr() of the view, and kept as long.
  SharedText part(size_t offset, size_t length) const {
    SharedText part = *this;
    part.view_ = view_.substr(offset, length);
    return part;
  }

  template <std::convertible_to<std::string_view> T>
  friend bool operator==(const SharedText& a, const T& b) {
    return a.view_ == std::string_view(b);
  }
  friend auto operator<=>(const SharedText& a, const SharedText& b) { return a.view_ <=> b.view_; }

 private:
  std::shared_ptr<const std::string> kept_;
  std::string_view view_;
};

}  // namespace advisor

template <>
struct fmt::formatter<advisor::SharedText> : fmt::formatter<std::string_view> {
  template <typename Context>
  auto format(const advisor::SharedText& text, Context& context) const {
    return fmt::formatter<std::string_view>::format(text.view(), context);
  }
};
