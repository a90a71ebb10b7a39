using System.Text;
using System.Text.Json;

namespace Vitrine.Decisions;

/// <summary>Decides as the fetch endpoint does, and says why.</summary>
internal static class Explainer
{
    /// <summary>Explains what a version of an experience is for a user, whatever its schedule says.</summary>
    /// <param name="experience">The version.</param>
    /// <param name="version">How it is called.</param>
    /// <param name="global">The workspace's control group.</param>
    /// <param name="request">Who is asked for and with what, the profile read. Its answer is written over.</param>
    public static Explanation Explain(CompiledExperience experience, string version, ControlGroupMembership global, FetchRequest request)
    {
        var visitor = new Visitor(request.CustomerId.Written);
        var globalGroup = Membership(global, visitor);
        var controlGroup = Membership(experience.ControlGroup, visitor);
        var audiences = Audiences(experience, visitor, request, out var winner);
        var (assignment, variation) = winner is null ? default : Assign(winner, visitor);
        var outcome = globalGroup.Holds ? DecisionOutcome.GlobalControlGroup
            : winner is null ? DecisionOutcome.NotInSegment
            : controlGroup.Holds ? DecisionOutcome.ExperienceControlGroup
            : DecisionOutcome.Delivered;
        var delivery = outcome == DecisionOutcome.Delivered ? Deliver(variation!, request) : null;
        return new Explanation
        {
            Key = experience.Source.Key,
            Version = version,
            Status = experience.Source.StatusAt(request.Circumstances.Now),
            CustomerId = visitor.IsAnonymous ? null : Encoding.UTF8.GetString(visitor.Identifier),
            Profile = request.Profile.Length == 0 ? null : JsonElement.Parse(request.Profile.Written),
            Outcome = (outcome == DecisionOutcome.Delivered && delivery is null ? DecisionOutcome.PersonalizationFailed : outcome).Reason(),
            Delivery = delivery,
            GlobalControlGroup = globalGroup,
            ControlGroup = controlGroup,
            Audiences = audiences,
            Assignment = assignment,
            FailedVariables = variation?.Explain(request) ?? [],
        };
    }

    private static MembershipExplanation Membership(ControlGroupMembership group, in Visitor visitor)
    {
        var bucket = group.BucketOf(visitor);
        return new MembershipExplanation(group.Percent, visitor.IsAnonymous ? null : bucket, group.Holds(bucket));
    }

    private static List<AudienceExplanation> Audiences(
        CompiledExperience experience, in Visitor visitor, FetchRequest request, out CompiledAudience? winner)
    {
        winner = null;
        var audiences = new List<AudienceExplanation>();
        foreach (var audience in experience.Audiences)
        {
            var fits = audience.Fits(visitor, request.Circumstances);
            var wins = fits && winner is null;
            winner = wins ? audience : winner;
            audiences.Add(new AudienceExplanation
            {
                Id = audience.Document.Id!,
                Name = audience.Document.Name,
                Fits = fits,
                Wins = wins,
                Note = visitor.IsAnonymous && audience.AsksAboutUser
                    ? "It asks about the user, and nobody is named: it does not fit somebody who is known by nothing."
                    : null,
                Match = audience.Match?.Explain(request.Circumstances),
                Exclude = audience.Exclude?.Explain(request.Circumstances),
            });
        }

        return audiences;
    }

    private static (AssignmentExplanation Assignment, CompiledVariation Variation) Assign(CompiledAudience audience, in Visitor visitor)
    {
        var bucket = visitor.BucketIn(audience.Assignment);
        var variation = audience.VariationOf(bucket);
        var explanation = new AssignmentExplanation(
            audience.Document.Id!, visitor.IsAnonymous ? null : bucket, variation.Document.Id!, variation.Document.Name, audience.Allocation.Ranges);
        return (explanation, variation);
    }

    /// <summary>Payload and context as fetch has them; null when a variable keeps the experience from being delivered.</summary>
    private static JsonElement? Deliver(CompiledVariation variation, FetchRequest request)
    {
        request.Answer.Clear();
        request.Answer.WriteByte((byte)'{');
        if (!variation.TryWrite(request.Answer, request))
        {
            return null;
        }

        request.Answer.WriteByte((byte)'}');
        return JsonElement.Parse(request.Answer.Written).EnumerateObject().Single().Value;
    }
}
