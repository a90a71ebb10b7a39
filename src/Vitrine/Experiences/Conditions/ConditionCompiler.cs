using System.Text.Json;

namespace Vitrine.Experiences.Conditions;

/// <summary>Makes a <see cref="Condition"/> of the JSON that describes it. <c>docs/conditions.md</c> is its language.</summary>
public static class ConditionCompiler
{
    /// <summary>Levels that a condition may have; a leaf that stands alone is one.</summary>
    public const int MaximumDepth = 10;

    /// <summary>Leaves that a condition may have.</summary>
    public const int MaximumLeaves = 200;

    /// <summary>Values in the list of <c>in</c> and <c>not_in</c>.</summary>
    public const int MaximumValues = 1000;

    /// <summary>Characters of a text value.</summary>
    public const int MaximumText = 1024;

    /// <summary>Characters of a pattern.</summary>
    public const int MaximumPattern = 500;

    /// <summary>Characters of a name.</summary>
    public const int MaximumName = 200;

    /// <summary>Compiles a condition, complete checks included. Any thread may call it.</summary>
    /// <param name="element">The condition. Nothing of it is kept: its document may be disposed of afterwards.</param>
    /// <param name="scope">Where it is compiled. Its registries get new names only when the condition is good.</param>
    /// <param name="errors">Gets what is wrong, in the order of the document.</param>
    /// <returns>The condition; null when there is an error.</returns>
    public static Condition? Compile(JsonElement element, ConditionScope scope, List<ConditionError> errors)
    {
        ArgumentNullException.ThrowIfNull(scope);
        ArgumentNullException.ThrowIfNull(errors);
        return new Compilation(scope, errors).Compile(element);
    }
}
