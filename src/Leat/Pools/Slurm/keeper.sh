# Stays until the program ends, however it ends, and then cancels what is left of its jobs: $1 is what their names start with.
trap "" HUP INT TERM
last=
while read -r line; do last=$line; done
free=0
tries=0
while [ $tries -lt 200 ]; do
    tries=$((tries + 1))
    if jobs=$(squeue --noheader --user="$(id -un)" --format="%A %j" 2>/dev/null); then
        own=$(printf "%s\n" "$jobs" | while read -r id name; do case $name in "$1".*) printf "%s " "$id" ;; esac; done)
        if [ -z "$own" ]; then
            # What has just been asked for may not be there yet, where the program has not ended in good order.
            free=$((free + 1))
            if [ "$last" = over ] || [ $free -ge 3 ]; then exit 0; fi
            sleep 2
        else
            free=0
            if [ $((tries % 10)) = 1 ]; then scancel --quiet $own 2>/dev/null; fi
            if [ $tries -lt 10 ]; then sleep 0.1; elif [ $tries -lt 40 ]; then sleep 0.5; else sleep 2; fi
        fi
    else
        sleep 2
    fi
done
