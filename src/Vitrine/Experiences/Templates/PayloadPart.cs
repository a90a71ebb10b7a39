using System.Text.Encodings.Web;
using System.Text.Json;
using Fluid;
using Fluid.Ast;

namespace Vitrine.Experiences.Templates;

/// <summary>A part of a payload value: constant JSON, a template, or an object or array of parts.</summary>
internal abstract class PayloadPart
{
    /// <summary>Writes the part as JSON.</summary>
    /// <exception cref="TemplateFailureException">It cannot be rendered with these data.</exception>
    public abstract TemplateRun Write(Utf8JsonWriter writer, TemplateRun run);

    /// <summary>Holds what was written so far to its bound.</summary>
    public static void Check(Utf8JsonWriter writer, string path)
    {
        if (writer.BytesCommitted + writer.BytesPending > TemplateBounds.OutputBytes)
        {
            throw new TemplateFailureException($"{path}: the whole value has more than {TemplateBounds.OutputBytes:N0} bytes");
        }
    }
}

/// <summary>A part without templates.</summary>
internal sealed class ConstantPart(byte[] json) : PayloadPart
{
    /// <summary>Its JSON in UTF-8.</summary>
    public ReadOnlyMemory<byte> Json => json;

    /// <inheritdoc/>
    public override TemplateRun Write(Utf8JsonWriter writer, TemplateRun run)
    {
        writer.WriteRawValue(json, skipInputValidation: true);
        return run;
    }
}

/// <summary>A template whose text is read as a data type.</summary>
internal sealed class TemplatePart(IReadOnlyList<Statement> statements, PayloadDataType type, string path) : PayloadPart
{
    /// <inheritdoc/>
    public override TemplateRun Write(Utf8JsonWriter writer, TemplateRun run)
    {
        run = run.Next();
        using var text = new BoundedText();
        try
        {
            TemplateRun.ValueOf(statements.RenderStatementsAsync(text, NullEncoder.Default, run));
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            throw new TemplateFailureException($"{path}: {(run.IsOutOfSteps ? $"it takes more than {TemplateBounds.Steps:N0} steps" : fault.Message.TrimEnd('.'))}");
        }

        if (TypedText.Write(writer, type, text.Written) is { } reason)
        {
            throw new TemplateFailureException($"{path}: {reason}");
        }

        Check(writer, path);
        return run;
    }
}

/// <summary>An array in which there is a template.</summary>
internal sealed class ArrayPart(PayloadPart[] elements) : PayloadPart
{
    /// <inheritdoc/>
    public override TemplateRun Write(Utf8JsonWriter writer, TemplateRun run)
    {
        writer.WriteStartArray();
        foreach (var element in elements)
        {
            run = element.Write(writer, run);
        }

        writer.WriteEndArray();
        return run;
    }
}

/// <summary>An object in which there is a template.</summary>
internal sealed class ObjectPart((JsonEncodedText Name, PayloadPart Value)[] members) : PayloadPart
{
    /// <summary>How names are written, as everywhere in this server.</summary>
    public static JavaScriptEncoder Encoder => JavaScriptEncoder.UnsafeRelaxedJsonEscaping;

    /// <inheritdoc/>
    public override TemplateRun Write(Utf8JsonWriter writer, TemplateRun run)
    {
        writer.WriteStartObject();
        foreach (var (name, value) in members)
        {
            writer.WritePropertyName(name);
            run = value.Write(writer, run);
        }

        writer.WriteEndObject();
        return run;
    }
}
