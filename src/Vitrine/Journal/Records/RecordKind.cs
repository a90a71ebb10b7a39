namespace Vitrine.Journal.Records;

/// <summary>The first byte of a record: how the rest is to be read.</summary>
public enum RecordKind : byte
{
    /// <summary>A request to <c>POST /v1/experiences/events</c>, accepted or refused.</summary>
    ExperienceEvents = 1,
}
