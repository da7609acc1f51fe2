namespace Leat;

/// <summary>
/// A worker process ended while it worked on an item, and again each time that the item was given to another one: the item
/// fails, so that the rest can go on.
/// </summary>
public sealed class WorkerLostException : LeatException
{
    internal WorkerLostException(string code, string message, string end, string output)
        : base(code, message)
    {
        End = end;
        Output = output;
    }

    /// <summary>How the last of the workers ended: its exit code, or the signal that ended it.</summary>
    public string End { get; }

    /// <summary>What the last of the workers wrote to the console last; empty if it wrote nothing.</summary>
    public string Output { get; }
}

/// <summary>An exception of a worker process that could not travel as it is: all that it said, as text.</summary>
public sealed class RemoteException : LeatException
{
    internal RemoteException(string code, string message, string typeName, string text, Exception? innerException)
        : base(code, message, innerException)
    {
        TypeName = typeName;
        Text = text;
    }

    /// <summary>The full name of the exception's type.</summary>
    public string TypeName { get; }

    /// <summary>What its <c>ToString</c> gave there: type, message, stack trace and inner exceptions.</summary>
    public string Text { get; }

    /// <summary>The exception, with that of the worker's.</summary>
    public override string ToString() => $"{base.ToString()}{Environment.NewLine}--- In the worker:{Environment.NewLine}{Text}";
}
