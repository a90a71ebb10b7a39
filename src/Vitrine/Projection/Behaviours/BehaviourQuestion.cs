using NodaTime;
using Vitrine.Journal.Records;

namespace Vitrine.Projection.Behaviours;

/// <summary>Which events of customers are counted, day by day.</summary>
/// <param name="EnvironmentId">Whose customers.</param>
/// <param name="Action">Impressions or clicks.</param>
/// <param name="ExperienceId">Only of this experience, by the part of its cids before the first underscore; null: of any.</param>
/// <param name="Zone">The zone whose days are meant.</param>
public sealed record BehaviourQuestion(string EnvironmentId, EventAction Action, string? ExperienceId, DateTimeZone Zone);
