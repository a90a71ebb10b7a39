using System.Collections.Frozen;
using Fluid;
using Fluid.Filters;

namespace Vitrine.Experiences.Templates.Filters;

/// <summary>
/// The filters that templates may use. Each of them makes at most a small multiple of what it reads, or looks before it
/// makes more; what it made is then held to the bounds by its caller. Those left out can make lists of lists (<c>concat</c>),
/// depend on the machine (<c>time_zone</c>, <c>format_date</c>) or have no use in a payload (<c>hmac_sha256</c>).
/// </summary>
internal static class TemplateFilters
{
    private static readonly FrozenDictionary<string, TemplateFilter> ByName = new[]
    {
        Of("default", 1, 2, MiscFilters.Default),
        Of("date", 1, 1, DateFilter.Apply),
        Of("json", 0, 0, JsonFilter.Apply),
        Of("append", 1, 1, StringFilters.Append),
        Of("prepend", 1, 1, StringFilters.Prepend),
        Of("upcase", 0, 0, StringFilters.Upcase),
        Of("downcase", 0, 0, StringFilters.Downcase),
        Of("capitalize", 0, 0, StringFilters.Capitalize),
        Of("strip", 0, 0, StringFilters.Strip),
        Of("lstrip", 0, 0, StringFilters.LStrip),
        Of("rstrip", 0, 0, StringFilters.RStrip),
        Of("strip_newlines", 0, 0, StringFilters.StripNewLines),
        Of("strip_html", 0, 0, MiscFilters.StripHtml),
        Of("newline_to_br", 0, 0, StringFilters.NewLineToBr),
        Of("truncate", 0, 2, StringFilters.Truncate),
        Of("truncatewords", 0, 2, StringFilters.TruncateWords),
        Of("slice", 1, 2, StringFilters.Slice),
        Of("split", 1, 1, StringFilters.Split),
        Of("replace", 2, 2, GrowingFilters.Replace),
        Of("replace_first", 2, 2, StringFilters.ReplaceFirst),
        Of("replace_last", 2, 2, StringFilters.ReplaceLast),
        Of("remove", 1, 1, StringFilters.Remove),
        Of("remove_first", 1, 1, StringFilters.RemoveFirst),
        Of("remove_last", 1, 1, StringFilters.RemoveLast),
        Of("escape", 0, 0, MiscFilters.Escape),
        Of("escape_once", 0, 0, MiscFilters.EscapeOnce),
        Of("url_encode", 0, 0, MiscFilters.UrlEncode),
        Of("url_decode", 0, 0, MiscFilters.UrlDecode),
        Of("base64_encode", 0, 0, MiscFilters.Base64Encode),
        Of("base64_decode", 0, 0, MiscFilters.Base64Decode),
        Of("size", 0, 0, ArrayFilters.Size),
        Of("first", 0, 0, ArrayFilters.First),
        Of("last", 0, 0, ArrayFilters.Last),
        Of("join", 0, 1, GrowingFilters.Join),
        Of("map", 1, 1, ArrayFilters.Map),
        Of("where", 1, 2, ArrayFilters.Where),
        Of("sort", 0, 1, ArrayFilters.Sort),
        Of("sort_natural", 0, 1, ArrayFilters.SortNatural),
        Of("reverse", 0, 0, ArrayFilters.Reverse),
        Of("uniq", 0, 0, ArrayFilters.Uniq),
        Of("compact", 0, 0, MiscFilters.Compact),
        Of("sum", 0, 1, ArrayFilters.Sum),
        Of("plus", 1, 1, NumberFilters.Plus),
        Of("minus", 1, 1, NumberFilters.Minus),
        Of("times", 1, 1, NumberFilters.Times),
        Of("divided_by", 1, 1, NumberFilters.DividedBy),
        Of("modulo", 1, 1, NumberFilters.Modulo),
        Of("round", 0, 1, NumberFilters.Round),
        Of("floor", 0, 0, NumberFilters.Floor),
        Of("ceil", 0, 0, NumberFilters.Ceil),
        Of("abs", 0, 0, NumberFilters.Abs),
        Of("at_least", 1, 1, NumberFilters.AtLeast),
        Of("at_most", 1, 1, NumberFilters.AtMost),
    }.ToFrozenDictionary(static filter => filter.Name, StringComparer.Ordinal);

    /// <summary>The names of all filters, for an error.</summary>
    public static string Names { get; } = string.Join(", ", ByName.Keys.Order(StringComparer.Ordinal));

    /// <summary>The filter of a name; null when there is none.</summary>
    public static TemplateFilter? Find(string name) => ByName.GetValueOrDefault(name);

    private static TemplateFilter Of(string name, int least, int most, FilterDelegate apply) => new(name, least, most, apply);
}
