using Fluid.Values;

namespace Vitrine.Experiences.Templates;

/// <summary>
/// What stands for something that a template reads and that is not there. It is nil, so a condition takes it for false;
/// a filter passes it on, only <c>default</c> replaces it; and an output refuses it by its name.
/// </summary>
/// <param name="name">What is not there, as the template names it.</param>
internal sealed class MissingValue(string name) : BaseNilValue
{
    /// <summary>What is not there, as the template names it.</summary>
    public string Name { get; } = name;
}
