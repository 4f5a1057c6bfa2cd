#pragma once

#include <fmt/format.h>

#include <compare>
#include <concepts>
#include <functional>
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
  SharedText(std::string text) {
    if (text.empty()) return;
    kept_ = std::make_shared<const std::string>(std::move(text));
    view_ = *kept_;
  }
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
  template <std::convertible_to<std::string_view> T>
  friend std::strong_ordering operator<=>(const SharedText& a, const T& b) {
    return a.view_ <=> std::string_view(b);
  }

 private:
  std::shared_ptr<const std::string> kept_;
  std::string_view view_;
};

}  // namespace advisor

template <>
struct std::hash<advisor::SharedText> {
  size_t operator()(const advisor::SharedText& text) const {
    return std::hash<std::string_view>()(text.view());
  }
};

template <>
struct fmt::formatter<advisor::SharedText> : fmt::formatter<std::string_view> {
  template <typename Context>
  auto format(const advisor::SharedText& text, Context& context) const {
    return fmt::formatter<std::string_view>::format(text.view(), context);
  }
};
