using Vitrine.Journal.Records;

namespace Vitrine.Events;

/// <summary>
/// The <c>attributes</c> objects that a decoder met last, byte for byte, with what they were found to say. A client
/// sends an experience's context back as it was delivered, so the next one is nearly always among them, and need not be
/// read and judged again: equal bytes have equal meaning, whoever sent them.
/// </summary>
internal sealed class AttributesMemory
{
    /// <summary>Objects that are remembered; the oldest makes room. Comparing with one that differs takes some nanoseconds.</summary>
    private const int MaximumEntries = 32;

    /// <summary>Longer ones are not: 32 of 1 KiB for each of 256 decoders are 8 MiB.</summary>
    private const int MaximumLength = 1024;

    private readonly Entry[] _entries = new Entry[MaximumEntries];
    private int _count;
    private int _next;

    /// <summary>The remembered object with which these bytes begin; null when there is none.</summary>
    public Entry? Find(ReadOnlySpan<byte> json)
    {
        for (var index = 0; index < _count; index++)
        {
            if (json.StartsWith(_entries[index].Json))
            {
                return _entries[index];
            }
        }

        return null;
    }

    /// <summary>
    /// Remembers an object that is good and holds nothing but its context, if that can be told by its bytes alone.
    /// </summary>
    /// <param name="source">The bytes that the slices of <paramref name="context"/> refer to.</param>
    /// <param name="json">Where in them the object stands.</param>
    /// <param name="context">What it says.</param>
    public void Add(ReadOnlySpan<byte> source, Slice json, in ExperienceContext context)
    {
        if (json.Length > MaximumLength || !Lies(in context, json) || Find(source[json.Start..]) is not null)
        {
            return;
        }

        _entries[_next] = new Entry(json.Of(source).ToArray(), Moved(in context, -json.Start));
        _next = (_next + 1) % MaximumEntries;
        _count = Math.Max(_count, _next == 0 ? MaximumEntries : _next);
    }

    /// <summary>Whether every text of a context is a stretch of the object itself; one with escapes is not.</summary>
    private static bool Lies(in ExperienceContext context, Slice json)
    {
        return Within(context.Cid) && Within(context.Experience) && Within(context.LocaleId) && Within(context.VariationId)
            && Within(context.AudienceName) && Within(context.AudienceId) && (!context.Type.Present || Within(context.Type));

        bool Within(Slice text) => text.Start > json.Start && text.Start + text.Length < json.Start + json.Length;
    }

    private static ExperienceContext Moved(in ExperienceContext context, int by)
    {
        return new ExperienceContext(
            Move(context.Cid),
            Move(context.Experience),
            Move(context.LocaleId),
            Move(context.VariationId),
            Move(context.AudienceName),
            Move(context.AudienceId),
            context.Type.Present ? Move(context.Type) : default);

        Slice Move(Slice text) => text with { Start = text.Start + by };
    }

    /// <summary>A remembered object.</summary>
    internal sealed class Entry(byte[] json, ExperienceContext context)
    {
        /// <summary>Its bytes.</summary>
        public byte[] Json => json;

        /// <summary>The reading of a list of elements for which <see cref="Index"/> holds.</summary>
        public long Reading { get; set; }

        /// <summary>The context's index among the request's.</summary>
        public int Index { get; set; }

        /// <summary>What an object of the same bytes says that stands at <paramref name="start"/>.</summary>
        public ExperienceContext ContextAt(int start) => Moved(in context, start);
    }
}
