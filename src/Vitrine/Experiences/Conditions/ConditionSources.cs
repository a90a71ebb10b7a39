namespace Vitrine.Experiences.Conditions;

/// <summary>Where a condition may look.</summary>
[Flags]
public enum ConditionSources
{
    /// <summary>Nowhere.</summary>
    None = 0,

    /// <summary><c>user</c>: attributes of the user's profile.</summary>
    User = 1,

    /// <summary><c>request</c>: attributes of the session, which come with the request.</summary>
    Request = 2,

    /// <summary><c>event</c>: attributes of the event that is judged.</summary>
    Event = 4,

    /// <summary><c>time</c>: the day and the hour.</summary>
    Time = 8,

    /// <summary><c>device</c>: what the user agent says.</summary>
    Device = 16,

    /// <summary><c>geo</c>: where the address is.</summary>
    Geography = 32,

    /// <summary><c>behaviour</c>: what the user did before.</summary>
    Behaviour = 64,

    /// <summary>What an audience may ask about: everything but an event.</summary>
    Audience = User | Request | Time | Device | Geography | Behaviour,
}
