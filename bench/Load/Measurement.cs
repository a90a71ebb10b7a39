namespace Vitrine.Load;

/// <summary>What one run of wrk did to the server.</summary>
/// <param name="Wrk">As the client saw it.</param>
/// <param name="Records">Requests that the journal took; a few more than the client saw answered, which hung up first.</param>
/// <param name="Lag">Journal records not yet projected when the load ended.</param>
/// <param name="Settling">From the end of the load until everything was projected.</param>
/// <param name="Settled">From the start of the load until everything was projected.</param>
/// <param name="Processor">Processor time of the server.</param>
/// <param name="Allocated">Managed bytes allocated.</param>
internal sealed record Measurement(
    Wrk Wrk, long Records, long Lag, TimeSpan Settling, TimeSpan Settled, TimeSpan Processor, long Allocated)
{
    /// <summary>Microseconds of processor time that a request cost, projection included.</summary>
    public double ProcessorMicroseconds => Processor.TotalMicroseconds / Wrk.Requests;

    /// <summary>Managed bytes that a request allocated, projection included.</summary>
    public double AllocatedBytes => (double)Allocated / Wrk.Requests;
}

/// <summary>The no-op and the events endpoint, measured one after the other.</summary>
internal sealed record Round(Measurement NoOp, Measurement Events);

/// <summary>What a scenario left behind once the server was stopped.</summary>
/// <param name="Acknowledged">Events of the answers that wrk received.</param>
/// <param name="Accepted">Events that the server counted as accepted, those of hung-up clients included.</param>
/// <param name="Stored">Rows in the projection.</param>
/// <param name="Distinct">Different uuids among them.</param>
/// <param name="Duplicates">Events that the projection dropped.</param>
/// <param name="UuidBytes">Memory of the set of uuids.</param>
/// <param name="HeapBytes">Growth of the managed heap, after full collections.</param>
/// <param name="JournalBytes">The journal's file after its last checkpoint.</param>
/// <param name="ProjectionBytes">The projection's file after its last checkpoint.</param>
internal sealed record Remains(
    long Acknowledged,
    long Accepted,
    long Stored,
    long Distinct,
    long Duplicates,
    long UuidBytes,
    long HeapBytes,
    long JournalBytes,
    long ProjectionBytes);

/// <summary>A scenario's figures.</summary>
internal sealed record Result(Scenario Scenario, IReadOnlyList<Round> Rounds, Remains Remains)
{
    /// <summary>
    /// What must not be: an acknowledged event that is missing, one that is there twice, an answer other than 200.
    /// Empty when all is well.
    /// </summary>
    public IEnumerable<string> Faults()
    {
        if (Remains.Stored != Remains.Accepted || Remains.Distinct != Remains.Stored || Remains.Duplicates != 0)
        {
            yield return $"{Remains.Accepted} events were accepted, {Remains.Stored} are stored ({Remains.Distinct} distinct), {Remains.Duplicates} were dropped";
        }

        if (Remains.Stored < Remains.Acknowledged)
        {
            yield return $"{Remains.Acknowledged} events were acknowledged, {Remains.Stored} are stored";
        }

        var refused = Rounds.Sum(static round => round.NoOp.Wrk.Refused + round.Events.Wrk.Refused);
        var broken = Rounds.Sum(static round => round.NoOp.Wrk.Broken + round.Events.Wrk.Broken);
        if (refused + broken > 0)
        {
            yield return $"{refused} answers were not 2xx, {broken} requests broke off";
        }
    }
}
