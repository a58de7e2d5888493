namespace MgPresence;

/// <summary>How long a sign-in lasts, as Microsoft's module has it.</summary>
public enum ContextScope
{
    /// <summary>As long as the process.</summary>
    Process,

    /// <summary>Beyond it: the user's later processes sign in without asking.</summary>
    CurrentUser,
}
