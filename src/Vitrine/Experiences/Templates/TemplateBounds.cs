namespace Vitrine.Experiences.Templates;

/// <summary>
/// What a template may take. Whoever may publish an experience may write a template, and every visitor runs it, so none
/// may cost more than this, whatever it says. There is no bound in seconds: every bound here is counted, so a template
/// renders for everybody or for nobody.
/// </summary>
/// <remarks>
/// The arithmetic: a unit of <see cref="Work"/> stands for less than 100 bytes of garbage and less than 100 ns, a step
/// for less than 1 KiB, so one variable costs at most 262,144 × 100 B + 10,000 × 1 KiB ≈ 36 MiB of short-lived memory,
/// and tens of milliseconds. A usual one costs some twenty units.
/// </remarks>
public static class TemplateBounds
{
    /// <summary>Characters of one template, 16 Ki: a hundred times a long greeting.</summary>
    public const int TemplateCharacters = 16 * 1024;

    /// <summary>
    /// How deep tags and brackets may be nested in each other: 32. A level costs the parser about 3 KiB of stack, so 96
    /// KiB of the 1.5 MiB of a small thread.
    /// </summary>
    public const int Nesting = 32;

    /// <summary>Filters and operators in one expression, each of which is a level of the stack when it is evaluated: 64.</summary>
    public const int Operations = 64;

    /// <summary>Turns of loops, outputs, assignments and pieces of text while a variable is rendered: 10,000.</summary>
    public const int Steps = 10_000;

    /// <summary>
    /// Units of work while a variable is rendered: one for each evaluation of a name, a filter, a comparison or a
    /// capture, and one more for each character or list element that it reads or makes. 262,144, four times the largest
    /// text: enough to read it, to filter it, to capture it and to write it.
    /// </summary>
    public const int Work = 4 * TextCharacters;

    /// <summary>Characters of a text that a filter, a capture or an output makes: 65,536.</summary>
    public const int TextCharacters = 64 * 1024;

    /// <summary>Bytes of a variable's value as JSON, rendered or constant: 64 KiB.</summary>
    public const int OutputBytes = 64 * 1024;

    /// <summary>Bytes of an attribute as JSON that a template may read: 64 KiB.</summary>
    public const int AttributeBytes = 64 * 1024;

    /// <summary>How deep the objects and arrays of a <c>json</c> value or of an attribute may be nested: 32.</summary>
    public const int JsonDepth = 32;
}
