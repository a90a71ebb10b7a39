namespace Vitrine.Experiences.Devices;

/// <summary>What kind of device asks.</summary>
public enum DeviceType : byte
{
    /// <summary>Its user agent does not say.</summary>
    Unknown,

    /// <summary>A phone.</summary>
    Mobile,

    /// <summary>A tablet.</summary>
    Tablet,

    /// <summary>A computer with a screen of its own.</summary>
    Desktop,

    /// <summary>A television, what is plugged into one, or a games console.</summary>
    TV,

    /// <summary>A program that nobody looks at: a crawler, a preview, a monitor, a script.</summary>
    Bot,
}
