using System.Text;

namespace Vitrine.Experiences.Templates;

/// <summary>The text that a template writes, up to <see cref="TemplateBounds.TextCharacters"/>.</summary>
internal sealed class BoundedText : TextWriter
{
    private char[] _characters = new char[256];
    private int _length;

    /// <inheritdoc/>
    public override Encoding Encoding => Encoding.Unicode;

    /// <summary>What was written.</summary>
    public ReadOnlySpan<char> Written => _characters.AsSpan(0, _length);

    /// <inheritdoc/>
    public override void Write(char value) => Write([value]);

    /// <inheritdoc/>
    public override void Write(string? value) => Write(value.AsSpan());

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<char> buffer)
    {
        if (buffer.Length > TemplateBounds.TextCharacters - _length)
        {
            throw TemplateRun.LongText();
        }

        if (buffer.Length > _characters.Length - _length)
        {
            Array.Resize(ref _characters, Math.Max(_length + buffer.Length, _characters.Length * 2));
        }

        buffer.CopyTo(_characters.AsSpan(_length));
        _length += buffer.Length;
    }

    /// <inheritdoc/>
    public override Task WriteAsync(char value)
    {
        Write(value);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public override Task WriteAsync(string? value)
    {
        Write(value);
        return Task.CompletedTask;
    }
}
