namespace Leat;

/// <summary>What a job is.</summary>
public enum JobKind
{
    /// <summary>Makes one file.</summary>
    File,

    /// <summary>Makes several files.</summary>
    Files,

    /// <summary>Makes one file that is there as long as it is needed.</summary>
    TempFile,

    /// <summary>Makes several files that are there as long as they are needed.</summary>
    TempFiles,

    /// <summary>Runs another program, which makes files.</summary>
    Command,

    /// <summary>Loads a value into memory.</summary>
    Load,

    /// <summary>Computes a value that is kept.</summary>
    Cached,

    /// <summary>Draws data.</summary>
    Plot,

    /// <summary>Makes further jobs.</summary>
    Generate,

    /// <summary>Makes jobs depend on further jobs.</summary>
    Inject,

    /// <summary>Runs after everything else.</summary>
    Final,

    /// <summary>A value that others depend on.</summary>
    Parameter,

    /// <summary>A file that is there.</summary>
    InputFile,

    /// <summary>A set of files that are there.</summary>
    InputFiles,

    /// <summary>The files in a folder.</summary>
    InputFolder,

    /// <summary>The code of a function.</summary>
    Function,

    /// <summary>An environment variable, or the version of a tool.</summary>
    Environment,
}
