using NodaTime;
using Vitrine.Journal.Records;

namespace Vitrine.Projection.Behaviours;

/// <summary>Which events of customers are counted, day by day.</summary>
/// <param name="EnvironmentId">Whose customers.</param>
/// <param name="Action">Impressions or clicks; null: goal events.</param>
/// <param name="Name">Of impressions and clicks: only those of this experience, by the part of its cids before the first underscore; null: of any. Of goal events: their name.</param>
/// <param name="Zone">The zone whose days are meant.</param>
public sealed record BehaviourQuestion(string EnvironmentId, EventAction? Action, string? Name, DateTimeZone Zone);
