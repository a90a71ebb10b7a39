namespace Vitrine.Decisions;

/// <summary>What a decision about one experience comes to.</summary>
internal enum DecisionOutcome
{
    /// <summary>A variation is delivered.</summary>
    Delivered,

    /// <summary>The user is kept out of this experience to compare with.</summary>
    ExperienceControlGroup,

    /// <summary>The user is kept out of all experiences to compare with.</summary>
    GlobalControlGroup,

    /// <summary>No audience fits the user.</summary>
    NotInSegment,

    /// <summary>There is no published experience of this key.</summary>
    InvalidKey,

    /// <summary>More keys were asked for than are decided in one request.</summary>
    LimitBreached,

    /// <summary>It is paused, archived, or yet to start.</summary>
    NotActive,

    /// <summary>Its end has come.</summary>
    Expired,

    /// <summary>A template of the payload could not be filled in, and has no other fallback.</summary>
    PersonalizationFailed,
}

/// <summary>The words of the wire contract for outcomes.</summary>
internal static class DecisionOutcomes
{
    /// <summary>The reason as the vendor's SDKs name it.</summary>
    public static string Reason(this DecisionOutcome outcome) => outcome switch
    {
        DecisionOutcome.Delivered => "DELIVERED",
        DecisionOutcome.ExperienceControlGroup => "USER_IN_CAMPAIGN_CONTROL_GROUP",
        DecisionOutcome.GlobalControlGroup => "USER_IN_GLOBAL_CONTROL_GROUP",
        DecisionOutcome.NotInSegment => "USER_NOT_IN_SEGMENT",
        DecisionOutcome.InvalidKey => "INVALID_EXPERIENCE_KEY",
        DecisionOutcome.LimitBreached => "MAX_LIMIT_BREACHED",
        DecisionOutcome.NotActive => "EXPERIENCE_NOT_ACTIVE",
        DecisionOutcome.Expired => "EXPERIENCE_EXPIRED",
        DecisionOutcome.PersonalizationFailed => "PERSONALIZATION_FAILED",
        _ => throw new ArgumentOutOfRangeException(nameof(outcome)),
    };
}
