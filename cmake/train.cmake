# Runs the trainer (cmake/trainer) and leaves its profiles in the folder profile/ of the build. Run in the trainer's build folder:
#
#     cmake -DTRAINER=PROGRAM -DSCENARIOS=FOLDER -P train.cmake
#
# A profile's stamp is written only when the profile has changed, so that only its object is compiled again. When training fails there are
# no profiles, the release is built without, and the next build tries again.

# What runs do, a second or two of each kind: pods of Services of several sizes change, one Service or many, with what comes before the watch
# and without; scenarios are read and played, one of them recorded; bare events.
set(training
  "bench pod-events/10 pod-events/1k pod-events/10k --scale 20 --repeat 1"
  "bench pod-events/100k services/1k watchers/1 --scale 10 --repeat 1"
  "bench subsets/1k --scale 5 --repeat 1"
  "bench pipeline --scale 40 --repeat 1"
  "bench kernel --scale 2 --repeat 1 --max-size 1000"
  "bench parse/manifest parse/rows parse/csv --scale 5 --repeat 1"
  "run SCENARIOS/synthetic-month.yaml -o trained.db --replace")
file(GLOB names RELATIVE ${SCENARIOS} ${SCENARIOS}/*.yaml)
foreach(name IN LISTS names)
  list(APPEND training "run SCENARIOS/${name} -q")
endforeach()

file(STRINGS profiles.txt profiles)
file(REMOVE ${profiles})
set(failure "")
foreach(run IN LISTS training)
  separate_arguments(arguments UNIX_COMMAND ${run})
  list(TRANSFORM arguments REPLACE "^SCENARIOS" ${SCENARIOS})
  execute_process(COMMAND ${TRAINER} ${arguments} RESULT_VARIABLE result OUTPUT_QUIET ERROR_VARIABLE said)
  if(NOT result EQUAL 0)
    set(failure "${run}: ${result} ${said}")
    break()
  endif()
endforeach()
if(failure)
  message("Built without a profile, since training failed: ${failure}")
endif()
foreach(profile IN LISTS profiles)
  if(EXISTS ${profile} AND NOT failure)
    file(SHA256 ${profile} hash)
  else()
    file(REMOVE ${profile})
    set(hash none)
  endif()
  set(stamped "")
  if(EXISTS ${profile}.stamp)
    file(READ ${profile}.stamp stamped)
  endif()
  if(NOT stamped STREQUAL hash)
    file(WRITE ${profile}.stamp ${hash})
  endif()
endforeach()
if(failure)
  file(REMOVE trained) # the next build tries again
else()
  file(TOUCH trained)
endif()
