using System.Text.Json.Nodes;
using CsCheck;
using NodaTime;
using Vitrine.Experiences.Conditions;
using Vitrine.Experiences.Geography;
using Vitrine.Tests.Support;

namespace Vitrine.Tests.Experiences.Conditions;

/// <summary>
/// Compiled conditions say what the <see cref="PlainEvaluator"/> says, of whole trees and of each leaf, and so do their
/// explanations. VITRINE_TEST_CONDITIONS sets how many are compared.
/// </summary>
public sealed class ConditionsAgainstPlainTests : IDisposable
{
    private static readonly int Count = int.Parse(System.Environment.GetEnvironmentVariable("VITRINE_TEST_CONDITIONS") ?? "8000", null);

    private readonly TemporaryFolder _folder = new();
    private int _leaves;
    private int _held;
    private int _unevaluable;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void They_agree_on_every_condition()
    {
        Surroundings.File().Save(_folder["places.mmdb"]);
        using var places = Places.Open(new GeographyOptions { File = _folder["places.mmdb"] });
        Gen.Select(SomeConditions.Any, SomeScenes.Any.Array[3], Gen.OneOf("UTC", "Asia/Kolkata", "America/New_York")).Sample(
            (condition, scenes, zone) =>
            {
                var scene = new Scene(zone, places: places);
                var compiled = scene.Compile(condition);
                var circumstances = new Circumstances();
                foreach (var given in scenes)
                {
                    scene.Fill(circumstances, given);
                    var plain = new PlainEvaluator(JsonNode.Parse(given)!.AsObject(), DateTimeZoneProviders.Tzdb[zone]);
                    compiled.Holds(circumstances).ShouldBe(plain.Holds(JsonNode.Parse(condition)!), given);
                    Compare(JsonNode.Parse(condition)!, compiled.Explain(circumstances), plain, given);
                }
            },
            iter: Count);

        // What hardly ever holds, or can hardly ever be told, would agree without being right.
        ((double)_held / _leaves).ShouldBeInRange(0.15, 0.6);
        ((double)_unevaluable / _leaves).ShouldBeInRange(0.1, 0.6);
    }

    private void Compare(JsonNode condition, ConditionExplanation explanation, PlainEvaluator plain, string given)
    {
        explanation.Holds.ShouldBe(plain.Holds(condition), given);
        if ((condition["all"] ?? condition["any"]) is JsonArray parts)
        {
            var explained = (explanation.All ?? explanation.Any).ShouldNotBeNull();
            explained.Count.ShouldBe(parts.Count);
            for (var index = 0; index < parts.Count; index++)
            {
                Compare(parts[index]!, explained[index], plain, given);
            }
        }
        else if (condition["not"] is { } part)
        {
            Compare(part, explanation.Not.ShouldNotBeNull(), plain, given);
        }
        else
        {
            var outcome = plain.Leaf(condition);
            (explanation.Note is null).ShouldBe(outcome is not null, $"{condition.ToJsonString()} in {given}: {explanation.Note}");
            Interlocked.Increment(ref _leaves);
            Interlocked.Add(ref _held, outcome == true ? 1 : 0);
            Interlocked.Add(ref _unevaluable, outcome is null ? 1 : 0);
        }
    }
}
