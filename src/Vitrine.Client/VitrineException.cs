namespace Vitrine.Client;

/// <summary>Why something was refused or did not arrive. Reports of events throw nothing; what asks the server does.</summary>
public sealed class VitrineException : Exception
{
    /// <summary>The <see cref="Code"/> when the server gave no answer.</summary>
    public const string NoAnswer = "network";

    /// <summary>The <see cref="Code"/> when what answered is no Vitrine server.</summary>
    public const string Unreadable = "unreadable";

    /// <summary>Makes one.</summary>
    /// <param name="code">What was wrong.</param>
    /// <param name="status">The HTTP status; 0 when there was no answer.</param>
    /// <param name="message">What was wrong, in words.</param>
    /// <param name="innerException">Its cause, where one is known.</param>
    public VitrineException(string code, int status, string message, Exception? innerException = null)
        : base(message, innerException) => (Code, Status) = (code, status);

    /// <summary>The server's title of the error, such as <c>Invalid Field Value</c>; <see cref="NoAnswer"/> or <see cref="Unreadable"/>.</summary>
    public string Code { get; }

    /// <summary>The HTTP status; 0 when there was no answer.</summary>
    public int Status { get; }
}
