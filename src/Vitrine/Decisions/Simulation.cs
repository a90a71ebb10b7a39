using System.Text;
using DuckDB.NET.Data;

namespace Vitrine.Decisions;

/// <summary>Replays the customers that are known, and counts what they come to.</summary>
internal sealed class Simulation(IReadOnlyList<(string Name, CompiledExperience Experience)> versions, ControlGroupMembership global)
{
    private const int Examples = 10;

    private const string Customers = """
        SELECT c.customer_id, p.attributes
        FROM customers c
        JOIN environments e ON e.environment = c.environment
        LEFT JOIN profiles p ON p.customer = c.customer
        WHERE e.id = $environment
        ORDER BY c.customer
        LIMIT $limit
        """;

    private readonly Dictionary<SimulatedOutcome, long>[] _counts = [.. versions.Select(static _ => new Dictionary<SimulatedOutcome, long>())];
    private readonly Dictionary<(SimulatedOutcome From, SimulatedOutcome To), (long Count, List<string> Examples)> _changes = [];
    private long _customers;

    /// <summary>Replays the customers of an environment.</summary>
    /// <param name="connection">Reads the projection.</param>
    /// <param name="environmentId">Whose customers.</param>
    /// <param name="limit">How many at most.</param>
    /// <param name="request">What every request says. Who asks is filled in.</param>
    /// <param name="complete">Fills in what is known of who asks.</param>
    /// <param name="cancellation">Ends it.</param>
    public SimulationAnswer Run(
        DuckDBConnection connection, string environmentId, int limit, FetchRequest request, Action<FetchRequest> complete, CancellationToken cancellation)
    {
        using var command = connection.CreateCommand();
        command.CommandText = Customers;
        command.Parameters.Add(new DuckDBParameter("environment", environmentId));
        command.Parameters.Add(new DuckDBParameter("limit", limit + 1L));
        using var reader = command.ExecuteReader();
        var more = false;
        while (reader.Read())
        {
            cancellation.ThrowIfCancellationRequested();
            if (more = _customers == limit)
            {
                break;
            }

            request.Forget();
            request.CustomerId.WriteRaw(Encoding.UTF8.GetBytes(reader.GetString(0)));
            if (!reader.IsDBNull(1))
            {
                request.Profile.WriteRaw(Encoding.UTF8.GetBytes(reader.GetString(1)));
            }

            complete(request);
            Count(request);
        }

        return Answer(!more);
    }

    private void Count(FetchRequest request)
    {
        _customers++;
        var visitor = new Visitor(request.CustomerId.Written);
        var keptOut = global.Holds(visitor);
        SimulatedOutcome? first = null;
        for (var index = 0; index < versions.Count; index++)
        {
            var outcome = Decide(versions[index].Experience, visitor, keptOut, request);
            _counts[index][outcome] = _counts[index].GetValueOrDefault(outcome) + 1;
            if (first is not null && outcome != first)
            {
                var (count, examples) = _changes.GetValueOrDefault((first, outcome), (0, []));
                if (examples.Count < Examples)
                {
                    examples.Add(Encoding.UTF8.GetString(visitor.Identifier));
                }

                _changes[(first, outcome)] = (count + 1, examples);
            }

            first = outcome;
        }
    }

    private static SimulatedOutcome Decide(CompiledExperience experience, in Visitor visitor, bool keptOut, FetchRequest request)
    {
        var outcome = DecisionOutcome.GlobalControlGroup;
        var audience = default(CompiledAudience);
        var variation = keptOut ? null : experience.Choose(visitor, request.Circumstances, out outcome, out audience);
        request.Answer.Clear();
        if (variation?.TryWrite(request.Answer, request) == false)
        {
            (outcome, variation) = (DecisionOutcome.PersonalizationFailed, null);
        }

        return new SimulatedOutcome(
            outcome.Reason(), audience?.Document.Id, audience?.Document.Name, variation?.Document.Id, variation?.Document.Name);
    }

    private SimulationAnswer Answer(bool complete) => new(
        _customers,
        complete,
        [.. versions.Select((version, index) => new SimulatedVersion(
            version.Name,
            [.. _counts[index].OrderByDescending(static one => one.Value).Select(static one => new SimulatedCount(one.Key, one.Value))]))],
        versions.Count == 1 ? null : _changes.Values.Sum(static change => change.Count),
        versions.Count == 1
            ? null
            : [.. _changes.OrderByDescending(static one => one.Value.Count)
                .Select(static one => new SimulatedChange(one.Key.From, one.Key.To, one.Value.Count, one.Value.Examples))]);
}
