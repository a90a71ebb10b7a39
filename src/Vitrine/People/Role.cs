namespace Vitrine.People;

/// <summary>What a person may do. Each role may do what those before it may.</summary>
public enum Role
{
    /// <summary>Look at everything but keys and people.</summary>
    Viewer,

    /// <summary>Write, publish, pause and archive experiences.</summary>
    Editor,

    /// <summary>Workspaces, keys, people and settings.</summary>
    Admin,
}
