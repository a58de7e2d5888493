namespace MgPresence;

/// <summary>The lifetime of a sign-in, as in Microsoft's module.</summary>
public enum ContextScope
{
    /// <summary>The sign-in ends with the process.</summary>
    Process,

    /// <summary>The sign-in is kept, so that the user's later processes sign in without a prompt.</summary>
    CurrentUser,
}
